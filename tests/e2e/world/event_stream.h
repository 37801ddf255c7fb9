// A client of GET /api/v1/events.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/raw_connection.h"

namespace muster::test {

struct ReceivedEvent {
  std::string id, type;
  boost::json::object data;

  std::string account() const;
};

class EventStream {
 public:
  /// Sends the request. `query`: "" or "?types=arrivals"; `last`: the header Last-Event-ID, "" for none.
  EventStream(unsigned short port, const std::string& key, const std::string& query = {},
              const std::string& last = {});

  /// The next one; nothing when the connection ended, or none came in 30 s. The test fails when it is not as
  /// docs/openapi.yaml describes it.
  std::optional<ReceivedEvent> next();
  /// The next of this type for which the condition is true; throws, with those that came, when there is none.
  ReceivedEvent await(const std::string& type,
                      const std::function<bool(const ReceivedEvent&)>& condition = {});
  /// Reads on until the connection ends. All events that came.
  std::vector<ReceivedEvent> until_end();
  /// Of the last event with one, or of a heartbeat.
  const std::string& last_id() const { return last_id_; }
  /// Reads on, past other events, until a comment has come; false when none came in 30 s.
  bool await_comment();
  /// The status line and headers.
  const std::string& head() const { return head_; }

 private:
  bool read_more();
  std::optional<ReceivedEvent> parse(const std::string& block);

  RawConnection connection_;
  std::string head_, chunks_, text_;  // of the answer; what is not decoded yet; and what is
  std::string last_id_;
  bool has_comment_ = false;
};

}  // namespace muster::test
