// Copies of a database that is in use.
#pragma once

#include <cstdint>
#include <string>

#include "base/os/descriptor.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

/// Writes what `source`, a reading connection that nobody else uses, sees at one moment into a new file in
/// the directory that has no name, and is gone with its descriptor. Writers go on meanwhile; the log only
/// grows until it is done.
Result<Descriptor> copy_database(Database& source, const std::string& directory);

/// Whether a file of so many bytes has room on the directory's disk, with some left for the database:
/// Code::storage when it has not.
Result<> check_room(const std::string& directory, std::uint64_t bytes);

/// Removes the empty files that a process left which died right when it was making a copy.
void remove_old_copies(const std::string& directory);

}  // namespace muster::sqlite
