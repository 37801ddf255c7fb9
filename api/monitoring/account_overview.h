// The state of all accounts for users and monitoring, from stored values; nothing is counted.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "store/store.h"

namespace muster::api::muster_v1 {

struct AccountOverview {
  Account account;
  Health health;
  RunRecord record;
  SyncState state;
  std::map<Lane, LaneTrouble> troubles;  ///< of lanes that have any
  DeviceCounts counts;
  long long waiting = 0;  ///< assignments
};

/// While nothing can be stored, the state of every account is `storage`, whatever Apple says.
void show_storage_trouble(std::vector<AccountOverview>& overviews, const std::optional<Error>& trouble);

/// All accounts, in order of creation.
Result<std::vector<AccountOverview>> account_overviews(Reader& reader);

}  // namespace muster::api::muster_v1
