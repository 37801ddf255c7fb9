// How much of the processor a statement may take. Not how long: where many run at once, each takes longer for
// it, and none is at fault.
#pragma once

#include <time.h>

#include <chrono>

namespace muster::sqlite {

class CpuLimit {
 public:
  /// From now on, by the calling thread, which is also the one to ask is_reached().
  explicit CpuLimit(std::chrono::nanoseconds most) : end_(used() + most) {}
  bool is_reached() const { return used() > end_; }

 private:
  static std::chrono::nanoseconds used() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  std::chrono::nanoseconds end_;
};

}  // namespace muster::sqlite
