// NanoDEP's storage in files: `filekv` (a file for each value, in the folder dep_names) and the older `file`.
#pragma once

#include <memory>
#include <string>

#include "cli/handover/old_account.h"

namespace muster::cli {

/// `storage`: "filekv" or "file"; `directory`: NanoDEP's -storage-dsn. Code::not_found when it is no such
/// directory.
Result<std::unique_ptr<OldServer>> open_nanodep_files(const std::string& storage,
                                                      const std::string& directory);

/// Writes what NanoDEP needs to work the account: token, address, assigner and cursor. Its key pair stays as
/// it is. Each file is replaced as a whole; the cursor comes last, so that what is written in part is read
/// from its old place.
Result<> write_nanodep_files(const std::string& storage, const std::string& directory,
                             const OldAccount& account, Time now);

}  // namespace muster::cli
