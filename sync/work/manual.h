// Manual assignments and removals of profiles. They are sent to Apple at once. A manual assignment takes
// precedence over rules until the device leaves; a removed profile puts the device on hold.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "apple/service.h"
#include "sync/accounts/run_context.h"

namespace muster::sync {

/// Assigns the profile, in calls of up to 1,000 devices. Devices that Apple does not accept are retried like
/// any assignment.
Result<apple::SerialAnswers> assign_manually(const RunContext& context, const ProfileUuid& profile,
                                             std::span<const Serial> serials);

/// Removes the profiles of these devices and puts them on hold.
Result<apple::SerialAnswers> remove_manually(const RunContext& context, std::span<const Serial> serials);

/// Removes devices from Muster's database, not from Apple. If one of them is unknown: Code::not_found, and
/// none is removed.
Result<> forget_devices(Store& store, AccountId account, std::span<const Serial> serials, Time now);

}  // namespace muster::sync
