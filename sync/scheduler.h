// Decides when each lane of each account runs: at its due time, on request, or when woken. A lane has one run
// at a time; the lanes of an account run in parallel.
//
// A slow lane must not delay others, although there are few workers. A run that takes longer than kSlow gives
// up its worker, and another run may start. Lanes whose last run was slow have workers of their own, as many
// again. So accounts that Apple keeps waiting delay only each other. This takes up to three threads per
// worker while lanes are slow; most of them wait for Apple and cost little memory. Threads are started as
// needed and end when idle.
//
// Due times follow the monotonic clock: setting the wall clock, in either direction, delays nothing.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/threads/worker_pool.h"
#include "base/time/clock.h"
#include "model/ids.h"
#include "model/lane.h"

namespace muster::sync {

/// Why a lane runs.
struct RunRequest {
  bool asked = false;  ///< an operator requested it or changed the account; otherwise it is due or was woken
  bool full = false;   ///< an operator requested the full list
  std::stop_token stop;  ///< requested when the account was changed or removed, or the server stops
};

class Scheduler {
 public:
  /// Executes a run. Returns the lane's next due time by the wall clock, or nothing to wait for a request or
  /// a wake-up. An exception is contained (base/threads/contain.h): the lane is due again, with the same
  /// request, after 1 second, then by a factor of four up to 15 minutes. Only an operator's request starts it
  /// sooner.
  using Work = std::function<std::optional<Time>(AccountId, Lane, const RunRequest&)>;

  /// Called without locks held. Hooks may call anything here except await() and stop(), and must return
  /// quickly.
  struct Hooks {
    /// Called after a run, when no lane of the account is running or due. Until it returns, no run of the
    /// account starts, and await() and status() report the account as running. Not called for retired
    /// accounts or while stopping.
    std::function<void(AccountId)> on_idle = {};
    /// Called after each run, when await() can have changed its answer.
    std::function<void(AccountId)> run_ended = {};
    /// The wall clock was set by this amount (negative: back) since the last call, or since the start. Called
    /// on the dispatcher's thread before any run starts at the new time.
    std::function<void(Millis)> clock_jumped = {};
  };

  /// Longer runs make their lane slow. A run of a few thousand devices usually takes a second or two.
  static constexpr Millis kSlow = std::chrono::seconds(5);

  /// A difference of this much between the clocks means that the wall clock was set. NTP slews less in an
  /// hour, and work that is due by the wall clock tolerates more.
  static constexpr Millis kClockJump = std::chrono::seconds(5);
  /// Interval at which the clocks are compared while anything is scheduled.
  static constexpr Millis kClockCheck = std::chrono::minutes(1);

  /// `workers`: how many lanes that are not slow may run at the same time.
  Scheduler(Clock& clock, size_t workers, Work work, Hooks hooks);
  Scheduler(Clock& clock, size_t workers, Work work);
  /// Calls stop().
  ~Scheduler();

  /// Adds an account. All of its lanes are due at once.
  void add(AccountId account);

  /// Another server is to work the account, or does: requests its current runs to stop. No run starts any
  /// more, and the account is forgotten with the last one's end, unless add() is called. Does not wait.
  void drop(AccountId account);
  /// The accounts that have a run in progress.
  std::vector<AccountId> running() const;
  /// Whether it has no runs and will have none: it was dropped, retired and erased, or never added.
  bool is_forgotten(AccountId account) const;

  /// Identifies the runs that start after a request(); see await().
  using Ticket = std::uint64_t;

  /// An operator's request: the lane `changes`, and with `full` also `full_list`, runs at once or, if it is
  /// running, once more afterwards, however many requests arrive in the meantime. Does not wait.
  Ticket request(AccountId account, bool full = false);

  /// Another lane created work for this one: it runs as after request(). Ignored for unknown and retired
  /// accounts. Does not wait.
  void wake(AccountId account, Lane lane);

  /// Waits until the runs of the ticket have ended and the account is idle. Considers the lane `full_list`
  /// only if the ticket requested it, or `changes` has no due time: it cannot read before the full list gave
  /// it a cursor. Waits up to `limit` of real time. Returns false on timeout or if `stop` was requested, true
  /// for an unknown account.
  bool await(AccountId account, Ticket ticket, std::chrono::milliseconds limit, std::stop_token stop = {});

  struct LaneStatus {
    bool running = false;
    std::optional<Time>
        next_due;  ///< may be in the past: it starts when a worker is free. None while it runs
  };
  struct Status {
    bool running = false;          ///< any lane of it
    std::optional<Time> next_due;  ///< of the lane that is due first
    std::array<LaneStatus, kLanes.size()> lanes;

    const LaneStatus& of(Lane lane) const { return lanes[static_cast<size_t>(lane)]; }
    std::vector<Lane> running_lanes() const {
      std::vector<Lane> running_now;
      for (const Lane lane : kLanes)
        if (of(lane).running) running_now.push_back(lane);
      return running_now;
    }
  };
  Status status(AccountId account) const;

  /// How many accounts have a run of each lane in progress, and how many one that is due and waits for a
  /// worker.
  struct Queue {
    std::array<long long, kLanes.size()> running{}, waiting{};
  };
  Queue queue() const;

  /// The account was changed: requests its current runs to stop, and runs each lane once more, as after
  /// request(). Does not wait.
  void restart(AccountId account);

  /// The account was removed: requests its current runs to stop. From then on only the lane `changes` runs,
  /// and only while no other lane does, so that it can erase the account. When it returns nothing, the
  /// account is forgotten.
  void retire(AccountId account);

  /// Requests all runs to stop, and waits for them.
  void stop();

 private:
  using Key = std::pair<AccountId, Lane>;
  using DueSlots = std::set<std::pair<Tick, Key>>;
  struct Slot {
    Key key;
    DueSlots::node_type node;      // of due_, while it has no next_due: nothing fails for want of memory
    std::optional<Tick> next_due;  // none while it runs. Changed by set_due() only
    Tick not_before{};             // after exceptions; ignored for operators' requests
    int failures = 0;              // consecutive exceptions
    bool running = false;          // true as soon as it has a worker
    bool slow = false;             // its last run exceeded kSlow
    Tick began{};                  // start of the last run
    bool asked = false;            // for the next run
    bool full = false;             // likewise
    bool woken = false;            // likewise
    std::stop_source stop{std::nostopstate};  // of the current run
    Ticket wanted = 0;                        // the last ticket for its next run
    Ticket ended = 0;                         // the last ticket whose run has ended
  };
  struct Slots {
    std::array<Slot, kLanes.size()> lanes;
    bool retired = false;
    bool dropped = false;
    bool closing = false;  // on_idle is running
    Ticket tickets = 0;    // requests so far

    Slot& of(Lane lane) { return lanes[static_cast<size_t>(lane)]; }
    const Slot& of(Lane lane) const { return lanes[static_cast<size_t>(lane)]; }
  };
  // What a run takes from its slot as it begins.
  struct Begun {
    RunRequest run;
    std::stop_source stop;
    Ticket serves = 0;
    Moment at;
  };

  // All with mutex_ held.
  Slots& slots_of(AccountId account);
  void set_due(Slot& slot, std::optional<Tick> at);
  void make_due(Slot& slot, Tick at);
  static std::vector<std::stop_source> runs_of(Slots& slots);
  void run_again(Slot& slot, bool full, Ticket ticket);
  bool may_begin(const Slots& slots, Lane lane) const;
  bool is_idle(const Slots& slots, bool with_full_list) const;
  // Begins what may begin, and returns when to look again.
  Tick begin_due(std::vector<Key>& begun);
  void end_run(Slots& slots, Lane lane, const Begun& begun, const Result<std::optional<Time>>& next);
  void forget_if_done(AccountId account);

  void dispatch();
  Tick look();
  void notice_jump();
  void give_back(Key key);
  void work(Key key);
  Begun begin_run(Key key);

  // Constant after construction.
  Clock& clock_;
  const size_t workers_;
  const Work work_;
  const Hooks hooks_;

  std::stop_source stopping_;
  Waker waker_;
  Millis offset_;  // of the wall clock when it was last found set; the dispatcher's
  // Not Guarded<T>, because threads wait on it.
  mutable std::mutex mutex_;
  std::condition_variable_any run_ended_;
  std::map<AccountId, Slots> accounts_;  // guarded by mutex_, and so are:
  DueSlots due_;                         // the slots that have a next_due
  std::vector<Key> running_;             // the slots that run
  WorkerPool threads_;
  std::thread dispatcher_;
};

}  // namespace muster::sync
