// What a person does through Muster to devices: assign a profile, remove it. It goes to Apple at once, and what
// follows from it is stored: a person's assignment beats the rules until the device leaves, a removed profile is a hold.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "apple/service.h"
#include "sync/accounts/run_context.h"

namespace muster::sync {

/// Assigns, in calls of at most 1,000. Serials not taken for now are tried again later like any assignment.
Result<apple::SerialAnswers> assign_by_hand(const RunContext& context, const ProfileUuid& profile,
                                            std::span<const Serial> serials);

/// Removes the profile of these devices; the rules leave them alone from then on.
Result<apple::SerialAnswers> remove_by_hand(const RunContext& context, std::span<const Serial> serials);

/// Takes devices out of the database (not out of Apple's). Code::not_found, and nothing is removed, when one of them
/// is not there.
Result<> forget_devices(Store& store, AccountId account, std::span<const Serial> serials, Time now);

}  // namespace muster::sync
