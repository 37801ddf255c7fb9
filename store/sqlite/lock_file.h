// A file that keeps a second process out of the data directory. The system drops the lock when the process dies.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::sqlite {

class LockFile {
 public:
  /// Code::conflict, naming the process, when it is held.
  static Result<LockFile> acquire(const std::string& path);
  ~LockFile();
  LockFile(LockFile&& other) noexcept : fd_(other.fd_), database_was_made_(other.database_was_made_) {
    other.fd_ = -1;
  }
  LockFile& operator=(LockFile&&) = delete;

  /// Whether a process that held the lock before has said that the directory has a database: a directory without one
  /// is then no new one, but one that has lost it.
  bool database_was_made() const { return database_was_made_; }
  /// Says so, to whoever holds the lock next.
  Result<> say_database_was_made();

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  Result<> write_content(const std::string& path) const;
  int fd_;
  bool database_was_made_ = false;
};

}  // namespace muster::sqlite
