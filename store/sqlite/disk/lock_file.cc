#include "store/sqlite/disk/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/os/files.h"

namespace muster::sqlite {
namespace {

constexpr const char* kMade = "database made\n";  // behind the process's number
constexpr size_t kContentLimit = 64;

Result<Descriptor> open_to_lock(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.is_open()) return file;
  return failure(Code::invalid, "cannot write " + path + ": " + std::strerror(errno),
                 "The data directory must be writable by this user");
}

bool take(const Descriptor& file) { return ::flock(file.get(), LOCK_EX | LOCK_NB) == 0; }

tl::unexpected<Error> in_use(const std::string& by) {
  return failure(Code::conflict, "the data directory is in use by another muster" + by,
                 "Stop it first, or give this one a directory of its own with -config-path");
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::string& path) {
  MUSTER_TRY(auto file, open_to_lock(path));
  LockFile lock(std::move(file));
  const std::string content = read_file(path, kContentLimit).value_or("");
  if (!take(lock.file_)) {
    const std::string holder = content.substr(0, content.find('\n'));
    return in_use(holder.empty() ? "" : " (process " + holder + ")");
  }
  lock.database_was_made_ = content.ends_with(kMade);
  MUSTER_TRY(lock.write_content(path));
  return lock;
}

Result<> LockFile::lock_database(const std::string& path) {
  MUSTER_TRY(database_, open_to_lock(path));
  if (take(database_)) return {};
  return in_use(", though its muster.lock is not the one that is here now");
}

Result<> LockFile::say_database_was_made() {
  database_was_made_ = true;
  return write_content("the lock file");
}

Result<> LockFile::write_content(const std::string& path) const {
  const std::string content = std::to_string(::getpid()) + "\n" + (database_was_made_ ? kMade : "");
  const auto size = static_cast<ssize_t>(content.size());
  if (::ftruncate(file_.get(), 0) != 0 || ::pwrite(file_.get(), content.data(), content.size(), 0) != size)
    return failure(Code::invalid, "cannot write " + path + ": " + std::strerror(errno));
  return {};
}

}  // namespace muster::sqlite
