// Whether a rule may give a profile: one that Apple does not know would leave its devices waiting.
#pragma once

#include <stop_token>

#include "store/store.h"
#include "sync/accounts/services.h"
#include "sync/rules/rules.h"

namespace muster::sync {

/// Checks what a rule is to give. A `profile` that is not a UUID is the name of a profile, and becomes one.
/// Of a UUID that the registry does not have Apple is asked now; where it cannot be (no token, paused, no
/// answer), the change says so, and the account's next run finds out. Code::invalid for a name that nobody
/// knows, and for a UUID that Apple does not know.
Result<> check_rule_profile(Store& store, Services& services, const Account& account, RuleEdit& change,
                            std::stop_token stop);

/// What is wrong with the first rule that gives a profile which Apple does not know, with the remedy; nothing
/// when all is well.
Result<std::optional<Error>> broken_rule(Reader& reader, const Account& account);
/// The same for one whose state is known.
Result<std::optional<Error>> broken_rule(Reader& reader, const AccountState& state);

}  // namespace muster::sync
