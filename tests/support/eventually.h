// Waits for a condition that another thread or process brings about without a signal.
#pragma once

#include <chrono>
#include <thread>

namespace muster::test {

/// True as soon as `condition()` is; false when it is not within `limit`. It looks every few milliseconds:
/// take Process::wait_for_line or ManualClock::await_waiters where there is something to wait on.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(60)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const bool is_last_look = std::chrono::steady_clock::now() >= deadline;
    if (condition()) return true;
    if (is_last_look) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace muster::test
