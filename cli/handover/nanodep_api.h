// NanoDEP by its API, which gives neither private keys nor cursors.
#pragma once

#include <memory>

#include "cli/handover/api_of_old_server.h"
#include "cli/handover/old_account.h"

namespace muster::cli {

/// The user of NanoDEP's API.
inline constexpr const char* kNanodepUser = "depserver";

std::unique_ptr<OldServer> nanodep_by_api(ApiOfOldServer api);

}  // namespace muster::cli
