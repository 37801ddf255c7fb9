// When each lane of each account runs: regularly, at once when asked or woken, one turn at a time per lane. The lanes of an
// account run side by side.
//
// No lane waits long for another, though there are few workers: a turn that is under way for kSlow has no claim to its
// worker any more, and another one begins beside it. Lanes whose last turn took that long have workers of their own, as
// many again, so that any number of accounts that Apple keeps waiting holds up nobody but themselves. The threads this may
// take are three times the workers, while lanes turn slow; most of them wait for Apple and cost little else than their page.
// They are started as they are needed, and end when nothing is to be done.
//
// Everything is due by the monotonic clock: a wall clock that is set, in either direction, delays nothing.
#pragma once

#include <array>
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

#include "base/result.h"
#include "base/threads/worker_pool.h"
#include "base/time/clock.h"
#include "model/ids.h"
#include "model/lane.h"

namespace muster::sync {

/// One go of a lane's job.
struct Turn {
  bool asked =
      false;  ///< an operator asked for it, or changed the account; else it is due, or another lane woke it
  bool full = false;     ///< an operator asked for the full list
  std::stop_token stop;  ///< requested when the account was changed or removed, or the server stops
};

class Scheduler {
 public:
  /// Does the lane's work; gives when it is due next, by the wall clock, or nothing for "only when asked or woken". When it
  /// throws, that is contained (base/threads/contain.h), and the lane is due again, asked as before, after 1 second, then four
  /// times as long each time to 15 minutes; only an operator can have it sooner.
  using Job = std::function<std::optional<Time>(AccountId, Lane, const Turn&)>;

  /// Called without locks held. They may call anything here but await() and stop(), and are to be quick.
  struct Hooks {
    /// Behind a turn, when no lane of the account is running or due. No turn of the account begins until it returns, and
    /// until then await() and status() have the account as running. Not for retired accounts, nor while stopping.
    std::function<void(AccountId)> at_rest;
    /// The wall clock was set by so much (negative: back) since the last call, or since the start. Before any turn begins
    /// at the new time; on the dispatcher's thread.
    std::function<void(Millis)> clock_jumped;
  };

  /// How long a turn may take before its lane counts as slow. A run of a few thousand devices takes a second or two beside
  /// Apple's usual answers.
  static constexpr Millis kSlow = std::chrono::seconds(5);

  /// The clocks moved apart by this much: the wall clock was set. More than NTP slews away in an hour, and less than
  /// anything that is due by the wall clock could miss.
  static constexpr Millis kClockJump = std::chrono::seconds(5);
  /// The clocks are compared at least this often while anything is scheduled.
  static constexpr Millis kClockCheck = std::chrono::minutes(1);

  /// `workers`: how many lanes that are not slow may be at work at the same time.
  Scheduler(Clock& clock, size_t workers, Job job, Hooks hooks = {});
  /// Stops.
  ~Scheduler();

  /// The account becomes known, and every lane is due at once.
  void add(AccountId account);

  /// Names the turns that begin after a request(), see await().
  using Ticket = std::uint64_t;

  /// An operator asks: the lane `changes`, and with `full` the lane `full_list` too, runs as soon as it can: at once; or,
  /// when it is at work, once more right after, however many ask meanwhile. Returns at once.
  Ticket request(AccountId account, bool full = false);

  /// Another lane made work for this one: it runs as soon as it can, as request() has it. Nothing happens for an account
  /// that is not known or was retired. Returns at once.
  void wake(AccountId account, Lane lane);

  /// Waits until the turns of the ticket have ended and then the account is at rest: no lane of it runs or is due. Of the
  /// lane `full_list` that is asked only when the ticket is for it. At most `limit` of real time. False when that has not
  /// come by then, or `stop` was requested. True for an account that is not known.
  bool await(AccountId account, Ticket ticket, std::chrono::milliseconds limit, std::stop_token stop = {});

  struct LaneStatus {
    bool running = false;
    std::optional<Time>
        next_due;  ///< may have passed: it begins as soon as a worker is free. None while it runs
  };
  struct Status {
    bool running = false;          ///< any lane of it
    std::optional<Time> next_due;  ///< of the lane that is due first
    std::array<LaneStatus, kLanes.size()> lanes;

    const LaneStatus& of(Lane lane) const { return lanes[static_cast<size_t>(lane)]; }
  };
  Status status(AccountId account) const;

  /// The account was changed under its lanes: the turns under way are told by their stop token to end, and every lane runs
  /// once more, as request() has it. Returns at once.
  void restart(AccountId account);

  /// The account was removed: the turns under way are told to end. From then on only the lane `changes` has turns, and
  /// only while no other lane is at work: there it is safe to erase. Once that gives nothing, the account is forgotten.
  void retire(AccountId account);

  /// Ends: turns under way are told by their stop token, and waited for.
  void stop();

 private:
  struct Slot {
    std::optional<Tick> next_due;             // none while it runs
    Tick not_before{};                        // after turns that threw; for all but operators
    int failures = 0;                         // turns in a row that threw
    bool running = false;                     // from when a worker is found for it
    bool slow = false;                        // its last turn took kSlow
    Tick began{};                             // the last turn
    bool asked = false;                       // for the next turn
    bool full = false;                        // likewise
    bool woken = false;                       // likewise
    std::stop_source stop{std::nostopstate};  // of the turn under way
    Ticket wanted = 0;                        // the last one that is for its next turn
    Ticket ended = 0;                         // the last one whose turn has ended
  };
  struct Slots {
    std::array<Slot, kLanes.size()> lanes;
    bool retired = false;
    bool closing = false;  // at_rest is being called
    Ticket tickets = 0;    // requests so far

    Slot& of(Lane lane) { return lanes[static_cast<size_t>(lane)]; }
    const Slot& of(Lane lane) const { return lanes[static_cast<size_t>(lane)]; }
  };
  // What a turn takes from its slot as it begins.
  struct Begun {
    Turn turn;
    std::stop_source stop;
    Ticket serves = 0;
    Moment at;
  };
  using Key = std::pair<AccountId, Lane>;

  // All with mutex_ held.
  static void make_due(Slot& slot, Tick at);
  void run_again(Slot& slot, bool full, Ticket ticket);
  bool may_begin(const Slots& slots, Lane lane) const;
  bool is_at_rest(const Slots& slots, bool with_full_list) const;
  // Begins what may begin, and gives when to look again.
  Tick begin_due(std::vector<Key>& begun);
  void end_turn(Slots& slots, Lane lane, const Begun& begun, const Result<std::optional<Time>>& next);
  void forget_if_done(AccountId account);

  void dispatch();
  Tick look();
  void notice_jump();
  void give_back(Key key);
  void work(Key key);
  Begun begin_turn(Key key);

  // Constant after construction.
  Clock& clock_;
  const size_t workers_;
  const Job job_;
  const Hooks hooks_;

  std::stop_source stopping_;
  Waker waker_;
  Millis offset_;  // of the wall clock when it was last found set; the dispatcher's
  // Not Guarded<T>, because threads wait on it.
  mutable std::mutex mutex_;
  std::condition_variable_any turn_ended_;
  std::map<AccountId, Slots> accounts_;  // guarded by mutex_
  WorkerPool threads_;
  std::thread dispatcher_;
};

}  // namespace muster::sync
