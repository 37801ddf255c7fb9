// The pass over all devices of an account that a changed rule makes necessary (model/backfill.h), a piece at a time.
#pragma once

#include "sync/accounts/run_context.h"

namespace muster::sync {

/// Decides about the next devices of the pass: at most 1,000 that change, which one assign call then takes. One
/// transaction: what they desire, the assignments, and how far the pass has come. Gives whether it goes on.
Result<bool> backfill_step(const RunContext& context);

/// What a person can do to a pass. Code::not_found when there is none.
Result<> pause_backfill(Store& store, AccountId account);
Result<> resume_backfill(Store& store, AccountId account);
/// Devices that it has not come to stay as they are. What it has decided goes on.
Result<> cancel_backfill(Store& store, AccountId account);

}  // namespace muster::sync
