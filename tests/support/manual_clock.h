// Time that stands still until the test moves it.
//
//   ManualClock clock;
//   std::thread worker([&] { clock.wait(waker, clock.steady() + 2min); });
//   clock.await_waiters(1);          // the worker has come to its wait
//   clock.jump(-1h);                 // someone sets the wall clock: nobody who waits is concerned
//   clock.advance(2min);             // the worker continues
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "base/time/clock.h"

namespace muster {

/// 2026-03-01T09:00:00Z, the time at which most tests begin.
inline const Time kNow = from_millis(1'772'355'600'000);

// In the namespace of Clock, because Waker names it as a friend.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = kNow) : offset_(to_millis(start) - steady_.load()) {}

  Time now() const override { return moment().wall; }
  Tick steady() const override { return Tick(Millis(steady_)); }
  // Each of advance() and jump() changes one of the two numbers: no reader sees half of it.
  Moment moment() const override {
    const long long steady = steady_;
    return {from_millis(steady + offset_), Tick(Millis(steady))};
  }

  void wait(Waker& waker, Tick deadline) override {
    {
      std::lock_guard lock(mutex_);
      waiting_.insert_or_assign(&waker, deadline);
    }
    changed_.notify_all();
    {
      std::unique_lock lock(waker.mutex_);
      waker.condition_.wait(lock, [&] { return waker.woken_ || steady() >= deadline; });
      waker.woken_ = false;
    }
    std::lock_guard lock(mutex_);
    waiting_.erase(&waker);
  }

  /// Moves both clocks on and wakes every waiter whose deadline is reached. Any thread.
  void advance(Millis by) {
    steady_ += by.count();
    std::lock_guard lock(mutex_);
    for (const auto& [waker, deadline] : waiting_) {
      if (deadline > steady()) continue;
      { std::lock_guard waker_lock(waker->mutex_); }  // it either sees the new time or is in its wait by now
      waker->condition_.notify_all();
    }
  }

  /// Sets the wall clock, and only that: forward, or back when `by` is negative. Any thread.
  void jump(Millis by) { offset_ += by.count(); }

  /// Waits until `count` threads wait for a time still to come; false when that is not so within `limit` of
  /// real time.
  bool await_waiters(size_t count, std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return pending() >= count; });
  }

  /// The earliest tick that someone waits for.
  std::optional<Tick> next_deadline() const {
    std::lock_guard lock(mutex_);
    std::optional<Tick> next;
    for (const auto& [waker, deadline] : waiting_)
      if (deadline > steady() && (!next || deadline < *next)) next = deadline;
    return next;
  }

 private:
  size_t pending() const {  // with mutex_ held
    size_t count = 0;
    for (const auto& [waker, deadline] : waiting_) count += deadline > steady();
    return count;
  }

  // Not zero, as it would not be on a machine.
  std::atomic<long long> steady_{3'600'000};  // milliseconds
  std::atomic<long long> offset_;             // of the wall clock, milliseconds
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Waker*, Tick> waiting_;  // guarded by mutex_; taken before a waker's own lock, never after
};

namespace test {
using muster::ManualClock;
}

}  // namespace muster
