// What Apple said of devices' assignments becomes durable.
#pragma once

#include "assign/work.h"
#include "base/time/backoff.h"
#include "sync/work/changes.h"

namespace muster::sync {

/// The assignment as the step leaves it, to be touched again when its wait is over. For WorkStep::Then::go_on.
Assignment waiting(const assign::WorkStep& step, Waits& waits);

/// What Apple was asked about `work`, and said: the step is taken in the caller's transaction. `device` must live until the
/// changes are written. An assignment that was replaced or removed meanwhile stays as it is. Gives whether it is confirmed.
Result<bool> take_step(Changes& changes, Device& device, const Assignment& work,
                       const assign::WorkEvent& event, Waits& waits, Time now);

}  // namespace muster::sync
