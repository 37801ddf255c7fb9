#include "base/time/followed_clock.h"

namespace muster {
namespace {

// An answer takes so long at most, unless something is wrong.
constexpr Millis kNoise{500};

}  // namespace

void FollowedClock::follow(Time time) {
  const Millis offset = time.time_since_epoch() - own_.steady().time_since_epoch();
  if (std::chrono::abs(offset - offset_.load()) > kNoise) offset_ = offset;
}

}  // namespace muster
