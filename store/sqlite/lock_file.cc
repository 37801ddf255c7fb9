#include "store/sqlite/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "base/strings.h"

namespace muster::sqlite {

Result<LockFile> LockFile::acquire(const std::string& path) {
  LockFile lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0)
    return failure(Code::invalid, "cannot write " + path + ": " + std::strerror(errno),
                   "The data directory must be writable by this user");
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    const auto holder = read_file(path, 64);
    const std::string pid = holder && !holder->empty() ? " (process " + std::string(trim(*holder)) + ")" : "";
    return failure(Code::conflict, "the data directory is in use by another muster" + pid,
                   "Stop it first, or give this one a directory of its own with -config-path");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.fd_, 0) != 0 || ::pwrite(lock.fd_, pid.data(), pid.size(), 0) < 0)
    return failure(Code::invalid, "cannot write " + path + ": " + std::strerror(errno));
  return lock;
}

LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace muster::sqlite
