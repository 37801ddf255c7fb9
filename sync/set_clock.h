// Adjusts stored times when the wall clock is set, so that nothing waits too long or starts too early. While
// the server runs, the monotonic clock tells by how much; across a restart, only stored times do.
#pragma once

#include "store/store.h"

namespace muster::sync {

/// The clock was set by `by` (negative: back) while the server ran, and now shows `now`.
/// `reconcile_interval`: time between full lists.
/// `worker`: of whose accounts; 0: of all.
Result<> follow_clock(Store& store, Millis by, Time now, Millis reconcile_interval, ServerId worker = {});

/// Call before the first run. A last run in the future shows that the clock was set back while the server was
/// down: stored times move with it. Returns by how much (negative), or nothing.
Result<std::optional<Millis>> follow_clock_at_start(Store& store, Time now, Millis reconcile_interval);

}  // namespace muster::sync
