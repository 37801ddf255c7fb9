// When each account's job runs: regularly, at once when asked, one at a time per account.
//
// No account waits long for another, though there are few workers: a job that is under way for kSlow has no claim to
// its worker any more, and another one begins beside it. Accounts whose last job took that long have workers of their
// own, as many again, so that any number of accounts that Apple keeps waiting holds up nobody but themselves. The
// threads this may take are three times the workers, while accounts turn slow; most of them wait for Apple and cost
// little else than their page.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace muster::sync {

/// One go of an account's job.
struct Turn {
  bool asked = false;  ///< somebody asked for it; else it is due
  bool full = false;   ///< somebody asked for the full list
  std::stop_token stop;
  std::function<bool()> interrupted;  ///< true once the account was asked for meanwhile
};

class Scheduler {
 public:
  /// Does the account's work; gives when it is due next, or nothing for "only when asked".
  using Job = std::function<std::optional<Time>(AccountId, const Turn&)>;

  /// How long a job may take before its account counts as slow. A run of a few thousand devices takes a second or two
  /// beside Apple's usual answers.
  static constexpr Millis kSlow = std::chrono::seconds(5);

  /// `workers`: how many accounts that are not slow may be at work at the same time.
  Scheduler(Clock& clock, size_t workers, Job job);
  /// Stops.
  ~Scheduler();

  /// The account becomes known, and is due at once.
  void add(AccountId account);

  /// The account's job runs as soon as it can: at once; or, when it is at work, once more right after, however many
  /// ask meanwhile. Returns at once, with the number of the turn that begins after this call; see await().
  std::uint64_t request(AccountId account, bool full = false);

  /// Waits for the end of a turn, at most `limit` of real time. False when it has not ended by then, or `stop` was
  /// requested.
  bool await(AccountId account, std::uint64_t turn, std::chrono::milliseconds limit,
             std::stop_token stop = {});

  struct Status {
    bool running = false;
    std::optional<Time> next_due;  ///< may have passed: it begins as soon as a worker is free
  };
  Status status(AccountId account) const;

  /// The account was changed under its job: the one under way is told by its stop token to end, and it runs once more,
  /// as request() has it. Returns at once.
  void restart(AccountId account);

  /// The account was removed: as restart(), and once its job has nothing more to do it is forgotten.
  void retire(AccountId account);

  /// Ends: jobs under way are told by their stop token, and waited for.
  void stop();

 private:
  struct Slot {
    std::optional<Time> next_due;
    bool running = false;
    bool slow = false;                        // its last job took kSlow
    Time began{};                             // the last job
    bool asked = false;                       // for the next turn
    bool full = false;                        // likewise
    bool leaving = false;                     // was retired
    std::stop_source stop{std::nostopstate};  // of the job under way
    std::uint64_t started = 0;
    std::uint64_t ended = 0;
  };
  class Pool;

  // Begins what may begin, and gives when to look again. With mutex_ held.
  Time begin_due(std::vector<AccountId>& begun);
  void dispatch();
  void work(AccountId account);
  bool was_asked(AccountId account) const;

  Clock& clock_;
  const size_t workers_;
  const Job job_;
  std::stop_source stopping_;
  Waker waker_;
  // Not Guarded<T>, because threads wait on it.
  mutable std::mutex mutex_;
  std::condition_variable_any turn_ended_;
  std::map<AccountId, Slot> slots_;  // guarded by mutex_
  std::unique_ptr<Pool> pool_;
  std::thread dispatcher_;
};

}  // namespace muster::sync
