// Limits queries over all devices, which may take a second or more with a million devices. A few run at a
// time, so that other work gets the processor; identical queries are computed once, and results are kept
// until something is written.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/guarded.h"
#include "base/result.h"
#include "http/message.h"
#include "store/store.h"

namespace muster::api {

class Costly {
 public:
  using Count = std::function<Result<http::Response>()>;

  /// How many are counted at the same time; how many may wait for that, a thread each, and for how long. Who
  /// comes when as many wait, or has waited so long, is answered 503.
  static constexpr size_t kAtOnce = 2, kWaiting = 62;
  static constexpr std::chrono::seconds kPatience{30};

  /// What count() gives, when it is its turn: in the order of asking.
  Result<http::Response> in_turn(std::stop_token stop, const Count& count);

  /// The same, or what it gave before for the same question, if nothing was written since
  /// (Store::revision()). `question`: with all that the answer depends on, but for what is stored.
  Result<http::Response> answer(const Store& store, const std::string& question, std::stop_token stop,
                                const Count& count);

 private:
  // The right to count.
  class Turn;
  struct Kept {
    std::uint64_t revision = 0;
    http::Response response;
  };
  struct Answers {
    std::map<std::string, Kept> by_question;
    size_t bytes = 0;
  };

  std::optional<http::Response> known(const Store& store, const std::string& question) const;
  void keep(const std::string& question, std::uint64_t revision, const http::Response& response);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  size_t running_ = 0;               // guarded by mutex_
  std::deque<const Turn*> waiting_;  // guarded by mutex_; in order
  Guarded<Answers> answers_;
};

}  // namespace muster::api
