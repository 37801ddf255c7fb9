// The store on SQLite, embedded: one directory of data, one process.
#pragma once

#include <memory>
#include <string>

#include "base/crypto/keyring.h"
#include "base/result.h"
#include "store/store.h"

namespace muster::sqlite {

/// Opens the database in `directory`, making both if they are not there (mode 0700: tokens are in it), brings
/// its schema up to date and seals what is in plain. The key in the directory's file master.key is behind
/// those of `keyring`; when there are no keys at all and nothing is sealed yet, that file is made.
/// Code::not_configured when a master key is missing, and names it; Code::conflict when another process has
/// the directory open, or the database is of a newer schema than this program knows; Code::invalid when the
/// directory cannot be used, or is not this user's alone (data_directory.h).
Result<std::unique_ptr<Store>> open(const std::string& directory, Keyring keyring = {});

}  // namespace muster::sqlite
