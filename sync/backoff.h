// How long to wait before trying again.
#pragma once

#include "base/clock.h"

namespace muster::sync {

/// For one device that Apple did not take: 10 minutes, doubling to 24 hours (design section 5), with up to 10 % of
/// jitter on top. `attempts` is how often it has failed, from 1.
Millis device_wait(int attempts);

/// For a whole account that Apple did not answer: 1 second, doubling to 15 minutes, with up to 10 % of jitter on top.
/// `failures` in a row, from 1.
Millis account_wait(int failures);

/// The time until the next regular run: `interval`, 10 % more or less, so that a thousand accounts do not ask at once.
Millis spread(Millis interval);

}  // namespace muster::sync
