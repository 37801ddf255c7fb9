// A file that keeps a second process out of the data directory. The system drops the lock when the process
// dies.
#pragma once

#include <string>
#include <utility>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace muster::sqlite {

class LockFile {
 public:
  /// Code::conflict, naming the process, when it is held.
  static Result<LockFile> acquire(const std::string& path);

  /// Locks the database, too, which is made when it is missing: whoever removes the lock file lets nobody in.
  /// A lock of flock(2), of which those of SQLite (fcntl) know nothing. To be called before SQLite opens the
  /// database, and to be destroyed when it has closed it: a process that closes any descriptor of a file
  /// loses its locks of fcntl.
  Result<> lock_database(const std::string& path);

  /// Whether a process that held the lock before has said that the directory has a database: a directory
  /// without one is then no new one, but one that has lost it.
  bool database_was_made() const { return database_was_made_; }
  /// Says so, to whoever holds the lock next.
  Result<> say_database_was_made();

 private:
  explicit LockFile(Descriptor file) : file_(std::move(file)) {}
  Result<> write_content(const std::string& path) const;
  Descriptor file_, database_;
  bool database_was_made_ = false;
};

}  // namespace muster::sqlite
