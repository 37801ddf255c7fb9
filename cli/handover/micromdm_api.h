// MicroMDM by its API. It has one DEP account, and gives its token, auto-assigners and devices.
#pragma once

#include <memory>

#include "cli/handover/api_of_old_server.h"
#include "cli/handover/old_account.h"

namespace muster::cli {

/// The user of MicroMDM's API.
inline constexpr const char* kMicromdmUser = "micromdm";

std::unique_ptr<OldServer> micromdm_by_api(ApiOfOldServer api);

}  // namespace muster::cli
