// Copies of a database that is in use.
#pragma once

#include <string>

#include "store/sqlite/database.h"

namespace muster::sqlite {

/// A name for a new copy in the data directory.
std::string new_copy_path(const std::string& directory);

/// Writes what `source`, a reading connection that nobody else uses, sees at one moment into a new file of mode 0600.
/// Writers go on meanwhile; the log only grows until it is done. On an error no file is left.
Result<> copy_database(Database& source, const std::string& path);

/// Removes the copies that a process left behind when it died.
void remove_old_copies(const std::string& directory);

}  // namespace muster::sqlite
