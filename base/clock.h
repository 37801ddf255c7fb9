// Time as Muster knows it: milliseconds since 1970, UTC, from a Clock that a test may move.
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

/// Something to wait on that another thread can end early. One waiter at a time.
class Waker {
 public:
  /// Ends the wait under way, or the next one at once. Any thread.
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
  /// Returns when now() has reached `deadline` or the waker was woken (which is then used up).
  virtual void wait(Waker& waker, Time deadline) = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }
  void wait(Waker& waker, Time deadline) override;
};

}  // namespace muster
