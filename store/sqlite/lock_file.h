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
  LockFile(LockFile&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  LockFile& operator=(LockFile&&) = delete;

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace muster::sqlite
