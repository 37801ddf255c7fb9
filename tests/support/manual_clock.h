// Time that stands still until the test moves it.
//
//   ManualClock clock;
//   std::thread worker([&] { clock.wait(waker, clock.now() + 2min); });
//   clock.await_waiters(1);          // the worker has come to its wait
//   clock.advance(2min);             // and goes on
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace muster {

// In the namespace of Clock, because Waker names it as a friend.
class ManualClock final : public Clock {
 public:
  /// 2026-03-01T09:00:00Z to begin with.
  explicit ManualClock(Time start = from_millis(1'772'355'600'000)) : now_(to_millis(start)) {}

  Time now() const override { return from_millis(now_); }

  void wait(Waker& waker, Time deadline) override {
    {
      std::lock_guard lock(mutex_);
      waiting_.insert_or_assign(&waker, deadline);
    }
    changed_.notify_all();
    {
      std::unique_lock lock(waker.mutex_);
      waker.condition_.wait(lock, [&] { return waker.woken_ || now() >= deadline; });
      waker.woken_ = false;
    }
    std::lock_guard lock(mutex_);
    waiting_.erase(&waker);
  }

  /// Moves the time on and wakes every waiter whose deadline it reaches. Any thread.
  void advance(Millis by) {
    now_ += by.count();
    std::lock_guard lock(mutex_);
    for (const auto& [waker, deadline] : waiting_) {
      if (deadline > now()) continue;
      { std::lock_guard waker_lock(waker->mutex_); }  // it either sees the new time or is in its wait by now
      waker->condition_.notify_all();
    }
  }

  /// Waits until `count` threads wait for a time still to come; false when that is not so within `limit` of
  /// real time.
  bool await_waiters(size_t count, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return pending() >= count; });
  }

  /// The earliest time that somebody waits for.
  std::optional<Time> next_deadline() const {
    std::lock_guard lock(mutex_);
    std::optional<Time> next;
    for (const auto& [waker, deadline] : waiting_)
      if (deadline > now() && (!next || deadline < *next)) next = deadline;
    return next;
  }

 private:
  size_t pending() const {  // with mutex_ held
    size_t count = 0;
    for (const auto& [waker, deadline] : waiting_) count += deadline > now();
    return count;
  }

  std::atomic<long long> now_;  // milliseconds since 1970
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Waker*, Time> waiting_;  // guarded by mutex_; taken before a waker's own lock, never after
};

namespace test {
using muster::ManualClock;
}

}  // namespace muster
