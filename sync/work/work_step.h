// Stores what Apple answered about assignments.
#pragma once

#include "assign/work.h"
#include "base/time/backoff.h"
#include "sync/work/updates.h"

namespace muster::sync {

/// The assignment after the step, due when its wait is over. For WorkStep::Then::go_on.
Assignment waiting(const assign::WorkStep& step, Waits& waits);

/// Applies Apple's answer about `work` in the caller's transaction. `device` must live until write(). An
/// assignment that was replaced or removed in the meantime stays unchanged.
Result<> take_step(DeviceUpdates& updates, Device& device, const Assignment& work,
                   const assign::WorkEvent& event, Waits& waits, Time now);

}  // namespace muster::sync
