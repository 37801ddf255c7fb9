// The master key that a data directory has of itself, for who gives none.
#pragma once

#include <string>

#include "base/crypto/keyring.h"
#include "base/result.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

inline constexpr const char* kOwnKeyName = "master.key";

/// Adds the key in the directory's file master.key. When `keyring` is empty and there is no such file, it is
/// made, whole and on the disk, with a new key; but not for a database that is sealed already:
/// Code::not_configured names the key that it needs.
Result<> add_own_key(Keyring& keyring, const std::string& directory, Database& database);

}  // namespace muster::sqlite
