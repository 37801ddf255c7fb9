// Prevents lost updates when two operators change an account's configuration at the same time.
#pragma once

#include <optional>

#include "store/store.h"

namespace muster::sync {

/// Call in the transaction of a change. Code::conflict if the configuration does not have the expected
/// revision; without one, any is accepted.
Result<> check_revision(Reader& reader, AccountId account, std::optional<long long> meant_for);

}  // namespace muster::sync
