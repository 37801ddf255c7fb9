#include "store/sqlite/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"

namespace muster::sqlite {
namespace {

constexpr const char* kMade = "database made\n";  // behind the process's number
constexpr size_t kContentLimit = 64;

}  // namespace

Result<LockFile> LockFile::acquire(const std::string& path) {
  LockFile lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0)
    return failure(Code::invalid, "cannot write " + path + ": " + std::strerror(errno),
                   "The data directory must be writable by this user");
  const std::string content = read_file(path, kContentLimit).value_or("");
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    const std::string holder = content.substr(0, content.find('\n'));
    const std::string pid = holder.empty() ? "" : " (process " + holder + ")";
    return failure(Code::conflict, "the data directory is in use by another muster" + pid,
                   "Stop it first, or give this one a directory of its own with -config-path");
  }
  lock.database_was_made_ = content.ends_with(kMade);
  MUSTER_TRY(lock.write_content(path));
  return lock;
}

Result<> LockFile::say_database_was_made() {
  database_was_made_ = true;
  return write_content("the lock file");
}

Result<> LockFile::write_content(const std::string& path) const {
  const std::string content = std::to_string(::getpid()) + "\n" + (database_was_made_ ? kMade : "");
  const auto size = static_cast<ssize_t>(content.size());
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, content.data(), content.size(), 0) != size)
    return failure(Code::invalid, "cannot write " + path + ": " + std::strerror(errno));
  return {};
}

LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace muster::sqlite
