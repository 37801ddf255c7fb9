// Time as Muster knows it, from a Clock that a test may move. There are two clocks in it:
//
//   Time   the wall clock: milliseconds since 1970, UTC. It is stored and shown. NTP, an operator or a
//          resumed virtual machine may set it, in either direction.
//   Tick   the monotonic clock: milliseconds since a moment that is unknown. It cannot be set. Whoever waits
//          for something waits by it. It means nothing to another process or after a restart: never store it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace muster {

using Millis = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Millis>;

/// Milliseconds since 1970, as stored; 0 stands for "never".
inline long long to_millis(Time t) { return t.time_since_epoch().count(); }
inline Time from_millis(long long ms) { return Time(Millis(ms)); }

/// Names the clock of a Tick, so that no Tick can be taken for a Time.
struct MonotonicClock {
  using duration = Millis;
  using rep = Millis::rep;
  using period = Millis::period;
  using time_point = std::chrono::time_point<MonotonicClock, Millis>;
  static constexpr bool is_steady = true;
};
using Tick = MonotonicClock::time_point;

/// What both clocks show at one moment.
struct Moment {
  Time wall;
  Tick tick;

  /// When the wall clock will show `time`, unless it is set meanwhile.
  Tick tick_at(Time time) const { return tick + (time - wall); }
  /// What the wall clock will show then, unless it is set meanwhile.
  Time wall_at(Tick then) const { return wall + (then - tick); }
  /// How far the wall clock is ahead of the other one. It changes only when someone sets the wall clock.
  Millis offset() const { return wall.time_since_epoch() - tick.time_since_epoch(); }
};

/// Something to wait on that another thread can end early. One waiter at a time.
class Waker {
 public:
  /// Ends the wait in progress, or the next one at once. Any thread.
  void wake() {
    {
      std::lock_guard lock(mutex_);
      woken_ = true;
    }
    condition_.notify_all();
  }

 private:
  friend class SystemClock;
  friend class ManualClock;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual Tick steady() const = 0;
  virtual Moment moment() const { return {now(), steady()}; }
  /// Returns when steady() has reached `deadline` or the waker was woken (which is then used up). Nothing
  /// that happens to the wall clock matters.
  virtual void wait(Waker& waker, Tick deadline) = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }
  Tick steady() const override {
    return Tick(std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()));
  }
  void wait(Waker& waker, Tick deadline) override;
};

}  // namespace muster
