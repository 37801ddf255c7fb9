// How accounts stand, as people and their monitoring are told: all of it kept, nothing counted for the answer.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "store/store.h"

namespace muster::api::muster_v1 {

struct AccountStanding {
  Account account;
  Health health;
  RunRecord record;
  SyncState state;
  std::map<Lane, LaneTrouble> troubles;  ///< of lanes that have any
  DeviceCounts counts;
  long long waiting = 0;  ///< assignments
};

/// As long as there is trouble with storing, that is how every account stands, whatever Apple says.
void show_trouble(std::vector<AccountStanding>& standings, const std::optional<Error>& trouble);

/// All accounts, in order of their creation.
Result<std::vector<AccountStanding>> account_standings(Reader& reader);

}  // namespace muster::api::muster_v1
