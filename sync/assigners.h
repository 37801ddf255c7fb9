// Rules come and go: what that means for devices.
#pragma once

#include <string>

#include "store/store.h"

namespace muster::sync {

/// Saves the assigner of that filter: new, or with another profile. Arrivals get the profile from then on, and so do
/// devices that wait for this assigner's profile and have not got one; devices that already have one keep it.
/// Code::invalid for a filter or UUID that cannot be.
Result<> apply_assigner(Store& store, AccountId account, const std::string& filter,
                        const ProfileUuid& profile, Time now);

/// Code::not_found when there is none. Its devices stay as they are.
Result<> remove_assigner(Store& store, AccountId account, const std::string& filter);

}  // namespace muster::sync
