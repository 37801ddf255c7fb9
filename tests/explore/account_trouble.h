// The trouble of an account that `get dep-accounts` would show, read from the store.
#pragma once

#include <string>

#include "store/store.h"

namespace muster::explore {

/// "" when the account works.
Result<std::string> trouble_of(Reader& reader, AccountId account);

}  // namespace muster::explore
