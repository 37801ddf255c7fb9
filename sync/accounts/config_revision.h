// Two people who change an account's configuration at once: the second is told, and overwrites nothing.
#pragma once

#include <optional>

#include "store/store.h"

namespace muster::sync {

/// To be called in the transaction that changes it. Code::conflict when the change is meant for another revision of the
/// account's configuration than the present one; nothing given is meant for any.
Result<> check_revision(Reader& reader, AccountId account, std::optional<long long> meant_for);

}  // namespace muster::sync
