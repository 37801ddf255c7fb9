// Holds: a person has rules leave devices alone, and lifts that again.
#pragma once

#include <span>

#include "store/store.h"

namespace muster::sync {

/// Rules leave these devices alone from now on; they keep what they have, and nothing more is sent for them. Code::not_found
/// names those that are not in the account; then nothing is held. Gives how many devices these are.
Result<int> hold_devices(Store& store, const Account& account, std::span<const Serial> serials, Time now);

struct Released {
  int released = 0;  ///< were held
  int assigned = 0;  ///< of them, those that a rule takes
};
/// The rules concern these devices again. Those that were not held stay as they are. Errors as above.
Result<Released> release_devices(Store& store, const Account& account, std::span<const Serial> serials,
                                 Time now);

}  // namespace muster::sync
