#include "base/clock.h"

#include <algorithm>

namespace muster {

void SystemClock::wait(Waker& waker, Time deadline) {
  // Waits in steps of at most 30 s, so that a wall clock set forward (NTP, resume from suspend) is noticed.
  constexpr Millis kStep = std::chrono::seconds(30);
  std::unique_lock lock(waker.mutex_);
  while (!waker.woken_) {
    const auto left = deadline - now();
    if (left <= Millis(0)) return;
    waker.condition_.wait_for(lock, std::min<Millis>(left, kStep));
  }
  waker.woken_ = false;
}

}  // namespace muster
