// The servers that share the database of this one, or this one alone.
#pragma once

#include <vector>

#include "api/context.h"

namespace muster::api {

/// In the order of their start. Of their accounts those count that the call's key is for.
Result<std::vector<ServerInfo>> server_list(const Call& call);

}  // namespace muster::api
