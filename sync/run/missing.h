// Handles devices that are missing from a full list. Apple is asked about each, and only its answer removes
// the device. If too many are missing at once, a second list must confirm them.
#pragma once

#include "store/store.h"
#include "sync/run/lane_context.h"

namespace muster::sync {

struct MissingOutcome {
  long long devices = 0;  ///< missing
  long long of = 0;       ///< devices in the account
  bool doubtful = false;  ///< too many: no questions are stored
};

/// Time until the second list.
inline constexpr Millis kSecondListWait = std::chrono::hours(1);

/// Call in the transaction that completes an uninterrupted list: stores a question for each missing device,
/// or records in `state` that there are too many.
Result<MissingOutcome> find_missing(Writer& writer, AccountId account, const ListMarks& marks,
                                    SyncState& state, Time now);

}  // namespace muster::sync
