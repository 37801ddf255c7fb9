// The simulated service's clock: the machine's, moved or stopped at will, so that a test can let cursors,
// tokens and throttles expire without waiting.
#pragma once

#include <chrono>

namespace muster::sim {

class SimClock {
 public:
  /// Milliseconds since 1970.
  long long now_ms() const { return frozen_ ? frozen_at_ms_ : real_ms() + offset_ms_; }

  void advance(long long ms) { set(now_ms() + ms); }
  void set(long long ms) {
    frozen_at_ms_ = ms;
    offset_ms_ = ms - real_ms();
  }
  /// Stops at the present moment; advance() and set() still move it.
  void freeze() {
    frozen_at_ms_ = now_ms();
    frozen_ = true;
  }
  void run() {
    set(now_ms());
    frozen_ = false;
  }
  bool frozen() const { return frozen_; }
  long long offset_ms() const { return now_ms() - real_ms(); }

  static long long real_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }

 private:
  bool frozen_ = false;
  long long frozen_at_ms_ = 0;
  long long offset_ms_ = 0;
};

}  // namespace muster::sim
