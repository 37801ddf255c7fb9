// How long to wait before trying again.
#pragma once

#include <map>

#include "base/clock.h"

namespace muster::sync {

/// For one device that Apple did not take: 10 minutes, doubling to 24 hours (design section 5), with up to 10 % of
/// jitter on top. `attempts` is how often it has failed, from 1.
Millis device_wait(int attempts);

/// One wait for all devices of a batch that failed equally often: they are due together, and go in one call again.
class DeviceWaits {
 public:
  /// As device_wait(), and the same for the same `attempts`.
  Millis after(int attempts);

 private:
  std::map<int, Millis> by_attempts_;
};

/// For one device that is throttled, when Apple does not say for how long (apple-dep-api.md 6: about 24 h).
inline constexpr Millis kThrottleWait = std::chrono::hours(24);

/// For a whole account that Apple did not answer: 1 second, then four times as long each time to 15 minutes, with up
/// to 10 % of jitter on top. `failures` in a row, from 1. Doubling would make more than 10 calls in the first minute
/// of a lasting fault, for an attempt may cost three.
Millis account_wait(int failures);

/// Until the full list is read again after Apple has refused or repeated a cursor: 15 minutes, doubling to 24 hours,
/// with up to 10 % of jitter on top. `troubles` in a row, from 1.
Millis refetch_wait(int troubles);

/// The time until the next regular run: `interval`, 10 % more or less, so that a thousand accounts do not ask at once.
Millis spread(Millis interval);

}  // namespace muster::sync
