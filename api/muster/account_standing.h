// How accounts stand, as people and their monitoring are told: all of it kept, nothing counted for the answer.
#pragma once

#include <map>
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

/// All accounts, in order of their creation.
Result<std::vector<AccountStanding>> account_standings(Reader& reader);

}  // namespace muster::api::muster_v1
