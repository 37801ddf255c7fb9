// Webhooks: who is told outside of what happens (docs/webhooks.md). A receiver is a place in the feed
// (model/feed.h), which is the outbox: whatever happens is written once, however many receivers there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "model/feed.h"
#include "model/ids.h"

namespace muster {

/// How far a receiver has come, and how it fares. Only who sends to it writes that.
struct ReceiverProgress {
  FeedPosition position{};  ///< it has had this entry and all before
  int part = 0;             ///< and so many messages of the next one
  int failures = 0;         ///< of the next message, in a row
  Millis failing_for{0};    ///< since the last success; only while a server runs
  std::optional<Time> failing_since = {};
  std::optional<Time> next_try = {};
  std::optional<Time> last_success = {};
  std::string last_failure = {};  ///< "" after a success
  long long attempts = 0;         ///< so far: the number of the last Delivery
  long long delivered = 0, failed = 0, dead = 0;
  long long lost = 0;  ///< entries of the feed that were removed before it had them

  friend bool operator==(const ReceiverProgress&, const ReceiverProgress&) = default;
};

struct Receiver {
  /// Stored as numbers: only append. Also the next one.
  enum class Format {
    muster,   ///< our JSON
    nanodep,  ///< what NanoDEP's depsyncer posts
    slack,    ///< {"text"}
  };
  enum class Status {
    active,
    paused,    ///< by an operator
    disabled,  ///< by the server, after a week of failures or for an answer 410
  };

  ReceiverId id{};
  std::string name = {};        ///< a plain name (model/text/plain_name.h)
  std::string url = {};         ///< may contain a secret: is not shown
  std::string secret = {};      ///< signs messages: sync/webhooks/signature.h
  std::string old_secret = {};  ///< signs them, too, until `old_secret_until`; "" for none
  std::optional<Time> old_secret_until = {};
  Format format = Format::muster;
  std::vector<std::string> topics = {};    ///< sync/webhooks/topics.h; none: all that the format can tell
  std::vector<AccountName> accounts = {};  ///< in order; none: all, and what concerns the installation
  Time created_at{};
  std::string created_by = {};
  Status status = Status::active;
  std::string status_reason = {};  ///< of disabled
  long long revision = 0;          ///< grows with each change of the above: what was read before is obsolete
  ReceiverProgress progress = {};

  friend bool operator==(const Receiver&, const Receiver&) = default;
};

/// A message that was sent, or tried.
struct Delivery {
  long long number = 0;  ///< among those of the receiver
  Time at{};
  std::string message = {};  ///< its id
  std::string type = {};
  long long events = 1;  ///< in the message
  int status = 0;        ///< of the answer; 0 for none
  Millis took{0};
  std::string answer = {};  ///< of one that is no success: its beginning, or why there was none

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// A message that the receiver rejected too often: the next ones go on without it.
struct DeadLetter {
  long long number = 0;  ///< of its last Delivery
  Time at{};
  std::string message = {}, type = {};
  std::string reason = {};
  std::string body = {};  ///< as it was sent
  bool is_due = false;    ///< an operator wants it to be sent again

  friend bool operator==(const DeadLetter&, const DeadLetter&) = default;
};

}  // namespace muster
