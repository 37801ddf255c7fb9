// Devices that a full list lacks. Absence needs proof: Apple is asked about each, and only its word makes it a tombstone. When
// more are missing at once than can be believed, nothing happens before a later list agrees.
#pragma once

#include "store/store.h"
#include "sync/run/lane_context.h"

namespace muster::sync {

struct MissingOutcome {
  long long devices = 0;  ///< missing
  long long of = 0;       ///< devices of the account
  bool doubtful = false;  ///< too many: they are not asked about
};

/// From one list to the one that has to agree with it.
inline constexpr Millis kSecondListWait = std::chrono::hours(1);

/// Within the transaction that ends a list which was read whole: stores a question for each device that is missing, or in
/// `state` that too many are.
Result<MissingOutcome> find_missing(Writer& writer, AccountId account, const ListMarks& marks,
                                    SyncState& state, Time now);

}  // namespace muster::sync
