// The machine's wall clock was set: what is stored and waits for a moment of it must neither wait for the wrong one nor come
// too early. While the server runs its monotonic clock tells by how much; over a restart only what is stored does.
#pragma once

#include "store/store.h"

namespace muster::sync {

/// It was set by so much (negative: back) while the server ran, and shows `now`. `reconcile_interval`: between two full lists.
Result<> follow_clock(Store& store, Millis by, Time now, Millis reconcile_interval);

/// To be called before the first turn. A last run that lies in the future tells that the clock was set back while no server
/// ran: what waits moves with it. Gives by how much (negative), or nothing when there is no such run.
Result<std::optional<Millis>> follow_clock_at_start(Store& store, Time now, Millis reconcile_interval);

}  // namespace muster::sync
