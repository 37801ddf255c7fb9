// Removes history and audit that are older than an operator wants to keep them. What explains where a device
// stands, now and at any time within the retention, stays.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "base/time/clock.h"
#include "store/store.h"

namespace muster::sync {

/// Removes what became too old since the last time, in small transactions, until `stop` is requested; then
/// the rest is left for the next time. Returns how many entries were removed. `retention`: 0 keeps
/// everything.
Result<long long> remove_old_history(Store& store, Time now, Millis retention, std::stop_token stop);

/// The same for the entries of the audit.
Result<long long> remove_old_audit(Store& store, Time now, Millis retention, std::stop_token stop);

}  // namespace muster::sync
