// The state of all accounts for users and monitoring, from stored values; nothing is counted.
#pragma once

#include <optional>
#include <vector>

#include "api/context.h"

namespace muster::api::muster_v1 {

/// While nothing can be stored, the state of every account is `storage`, whatever Apple says.
void show_storage_trouble(std::vector<AccountOverview>& overviews, const std::optional<Error>& trouble);

/// The accounts that the call's key is for, in order of creation.
Result<std::vector<AccountOverview>> account_overviews(const Call& call, Reader& reader);

}  // namespace muster::api::muster_v1
