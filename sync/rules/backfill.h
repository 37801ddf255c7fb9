// The backfill: reassigns the existing devices of an account after a configuration change, in steps
// (model/backfill.h).
#pragma once

#include "sync/accounts/run_context.h"

namespace muster::sync {

/// Decides about the next devices, up to 1,000 that change: a batch for one assign call. In one transaction:
/// desired profiles, assignments, and the backfill's position. Returns whether there is more.
Result<bool> backfill_step(const RunContext& context);

/// Operators' controls. Code::not_found if there is no backfill.
Result<> pause_backfill(Store& store, AccountId account, Time now);
Result<> resume_backfill(Store& store, AccountId account, Time now);
/// Devices that the backfill has not reached keep their profiles. Assignments that it has made continue.
Result<> cancel_backfill(Store& store, AccountId account, Time now);

}  // namespace muster::sync
