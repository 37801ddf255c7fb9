// The places where accounts of other servers are read. Storages in files: nanodep_files.h.
#pragma once

#include <memory>

#include "cli/handover/api_of_old_server.h"
#include "cli/handover/database_rows.h"
#include "cli/handover/old_account.h"

namespace muster::cli {

/// The users of their APIs, beside the key.
inline constexpr const char* kNanodepUser = "depserver";
inline constexpr const char* kMicromdmUser = "micromdm";

/// NanoDEP by its API, which gives neither private keys nor cursors.
std::unique_ptr<OldServer> nanodep_by_api(ApiOfOldServer api);
/// NanoDEP's storage in a database: the table dep_names, and dep_devices where there is one.
std::unique_ptr<OldServer> nanodep_in_database(std::unique_ptr<Database> database);
/// MicroMDM by its API. It has one DEP account, and gives its token and auto-assigners.
std::unique_ptr<OldServer> micromdm_by_api(ApiOfOldServer api);

}  // namespace muster::cli
