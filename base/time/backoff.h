// How long to wait before trying again.
#pragma once

#include <cstdint>
#include <map>

#include "base/time/clock.h"

namespace muster {

/// When something that waits is tried again. Retries get up to 10 % of jitter on top, so that a thousand
/// accounts do not ask at once, but never more than 24 hours in all; those that wait equally long are due
/// together, and go in one call.
class Waits {
 public:
  explicit Waits(Time now) : now_(now) {}
  Time after(Millis wait);
  Time retry_after(Millis wait);

 private:
  const Time now_;
  std::map<Millis, Time> retries_;
};

/// A question or a device after `attempts` that were not answered clearly: 15 minutes, doubling to 24 hours.
Millis unclear_wait(int attempts);

/// For a lane, or a whole account, that Apple did not answer: 1 second, then four times as long each time to
/// 15 minutes, with up to 10 % of jitter on top. `failures` in a row, from 1. Doubling would make more than
/// 10 calls in the first minute of a lasting fault, for an attempt may cost three.
Millis account_wait(int failures);

/// Until the full list is read again after Apple has rejected or repeated a cursor: 15 minutes, doubling to 2
/// hours, because nothing else shows arrivals meanwhile, with up to 10 % of jitter on top. `troubles` in a
/// row, from 1.
Millis refetch_wait(int troubles);

/// The longest of the waits above; their jitter comes on top.
inline constexpr Millis kLongestRetry = std::chrono::hours(24);

/// The time until the next regular run: `interval`, 10 % more or less, so that a thousand accounts do not ask
/// at once.
Millis spread(Millis interval);
/// The longest that it can become.
Millis longest_spread(Millis interval);

/// Makes this thread's jitter repeatable, from here on. For the explorer (tests/explore), whose stories a
/// seed must repeat.
void seed_jitter(std::uint64_t seed);

}  // namespace muster
