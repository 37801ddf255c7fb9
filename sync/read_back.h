// Reading back: what does Apple report of devices that were sent an assignment? Apple's SUCCESS alone is no proof.
#pragma once

#include <vector>

#include "sync/run.h"

namespace muster::sync {

/// Asks Apple for the details of the batch's devices (at most 1,000, one call) and settles each assignment by them:
/// there is the profile: done; it is not: looked at again in 15 minutes, and after that assigned again; the device is
/// not accessible: a tombstone. Gives how many are done.
Result<long long> read_back(const RunContext& context, std::vector<Assignment> batch);

}  // namespace muster::sync
