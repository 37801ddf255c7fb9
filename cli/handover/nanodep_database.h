// NanoDEP's storage in a database: the table dep_names, and dep_devices where there is one.
#pragma once

#include <memory>

#include "cli/handover/database_rows.h"
#include "cli/handover/old_account.h"

namespace muster::cli {

std::unique_ptr<OldServer> nanodep_in_database(std::unique_ptr<Database> database);

}  // namespace muster::cli
