#include "base/time/clock.h"

#include <algorithm>

namespace muster {

void SystemClock::wait(Waker& waker, Tick deadline) {
  // In steps, so that a deadline centuries ahead does not overflow the nanoseconds of wait_for().
  constexpr Millis kStep = std::chrono::hours(24);
  std::unique_lock lock(waker.mutex_);
  while (!waker.woken_) {
    const auto left = deadline - steady();
    if (left <= Millis(0)) return;
    waker.condition_.wait_for(lock, std::min<Millis>(left, kStep));
  }
  waker.woken_ = false;
}

}  // namespace muster
