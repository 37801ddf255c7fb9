// The database in a data directory, opened by the one process that may use it.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/sqlite/disk/lock_file.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

inline constexpr const char* kDatabaseName = "muster.db";

/// Destroyed last to first: the connection, which checkpoints, then the lock.
struct DatabaseFile {
  LockFile lock;
  std::string directory;
  std::string path;
  std::unique_ptr<Database> writer;  ///< the connection that makes all commits
};

/// Makes the directory and the database when they are missing, takes the lock, looks for damage and brings
/// the schema up to date. Code::conflict when another process uses the directory or the schema is newer than
/// this program knows; Code::invalid when the directory cannot be used or the database is damaged: then
/// nothing was changed.
Result<DatabaseFile> open_database_file(const std::string& config_path);

}  // namespace muster::sqlite
