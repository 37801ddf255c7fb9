#include "sync/webhooks/give_way.h"

#include <time.h>

#include <algorithm>

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// A sender works at most one part in this many of the time: row 28 of the benchmark.
constexpr int kRestPerWork = 19;
// Less is not worth waking up for.
constexpr std::chrono::nanoseconds kShortestRest = 10ms;
constexpr std::chrono::nanoseconds kLongestRest = 1s;

std::chrono::nanoseconds used_by_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

bool GiveWay::rest(const std::stop_token& stop) {
  const auto used = used_by_thread();
  if (used_ < 0ns) used_ = used;
  if (!news_.are_fresh(clock_.steady())) {
    used_ = used;
    return false;
  }
  const auto rest = std::min(kRestPerWork * (used - used_), kLongestRest);
  if (rest < kShortestRest) return false;
  used_ = used;
  std::unique_lock lock(mutex_);
  (void)ended_.wait_for(lock, stop, rest, [] { return false; });
  return true;
}

}  // namespace muster::sync
