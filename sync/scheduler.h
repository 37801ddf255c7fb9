// When each account's job runs: regularly, at once when asked, one at a time per account, and no account waits for
// another as long as a worker is free.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/guarded.h"
#include "model/ids.h"

namespace muster::sync {

class Scheduler {
 public:
  /// Does the account's work; gives when it is due next, or nothing for "only when asked". `interrupted` turns true
  /// when the account was asked for meanwhile.
  using Job = std::function<std::optional<Time>(AccountId, std::stop_token,
                                                const std::function<bool()>& interrupted)>;

  /// `workers`: how many accounts may be at work at the same time.
  Scheduler(Clock& clock, size_t workers, Job job);
  /// Stops.
  ~Scheduler();

  /// The account's job runs as soon as it can: at once; or, when it is at work, once more right after, however many
  /// ask meanwhile. Returns at once. Accounts are known from their first request on.
  void request(AccountId account);

  /// Ends: jobs under way are told by their stop token, and waited for.
  void stop();

 private:
  struct Slot {
    std::optional<Time> next_due;
    bool running = false;
    bool again = false;  // asked for while running
  };
  class Pool;

  void dispatch();
  void work(AccountId account);

  Clock& clock_;
  const Job job_;
  std::stop_source stopping_;
  Waker waker_;
  Guarded<std::map<AccountId, Slot>> slots_;
  std::unique_ptr<Pool> pool_;
  std::thread dispatcher_;
};

}  // namespace muster::sync
