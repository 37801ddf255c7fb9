// Puts devices on hold, and releases them.
#pragma once

#include <span>

#include "store/store.h"

namespace muster::sync {

/// Excludes these devices from rules. They keep their profiles, and no further assignments are sent. If some
/// are unknown: Code::not_found with their serial numbers, and none is held. Returns how many devices are
/// held.
Result<int> hold_devices(Store& store, const Account& account, std::span<const Serial> serials, Time now);

struct Released {
  int released = 0;  ///< were on hold
  int assigned = 0;  ///< of them, assigned by a rule
};
/// Includes these devices in rules again. Devices that are not on hold stay unchanged. Errors as above.
Result<Released> release_devices(Store& store, const Account& account, std::span<const Serial> serials,
                                 Time now);

}  // namespace muster::sync
