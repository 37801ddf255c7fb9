// Whether a rule may give a profile: one that Apple does not know would leave its devices waiting.
#pragma once

#include <stop_token>

#include "store/store.h"
#include "sync/accounts/services.h"

namespace muster::sync {

/// Whether Apple is known to have the profile: the registry has it, or Apple says so when asked now. False where Apple
/// could not be asked (no token, paused, no answer): then the account's next run finds out. Code::invalid when Apple does
/// not know it. A text that is not a UUID is not asked about, and true.
Result<bool> check_rule_profile(Store& store, Services& services, const Account& account,
                                const ProfileUuid& profile, std::stop_token stop);

/// What is wrong with the first rule that gives a profile which Apple does not know, with the remedy; nothing when all is
/// well.
Result<std::optional<Error>> broken_rule(Reader& reader, const Account& account);

}  // namespace muster::sync
