// Moves devices from other versions of a profile to the current one.
#pragma once

#include <string>

#include "store/store.h"

namespace muster::sync {

/// From now until the backfill over the account's devices ends (backfill.h), devices that have another
/// version of this profile, or are to have it, are to have the present one. Code::not_found when there is no
/// profile of that name.
Result<> move_to_current(Writer& writer, AccountId account, const std::string& name);

}  // namespace muster::sync
