#include "store/sqlite/copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text/encoding.h"

namespace muster::sqlite {
namespace {

// The name that a copy has for a moment. What people keep beside the database is called otherwise.
constexpr std::string_view kPrefix = ".muster-copy-";
constexpr size_t kRandomBytes = 8;
// For what the server stores while the copy is on its way to somebody.
constexpr std::uint64_t kRoomForOurselves = 64 << 20;

std::string new_name() { return std::string(kPrefix) + hex_lower(random_bytes(kRandomBytes)); }

bool is_ours(const std::filesystem::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  struct stat status {};
  return name.starts_with(kPrefix) && name.size() == kPrefix.size() + 2 * kRandomBytes &&
         std::all_of(name.begin() + kPrefix.size(), name.end(), is_hex) &&
         ::lstat(entry.path().c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

// A name only as long as SQLite needs one to open it: a process that dies leaves no copy behind.
class NamedForNow {
 public:
  explicit NamedForNow(std::string path)
      : path_(std::move(path)),
        file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)),
        error_(errno) {}
  ~NamedForNow() { take_name(); }
  NamedForNow(const NamedForNow&) = delete;
  NamedForNow& operator=(const NamedForNow&) = delete;

  Result<> check() const {
    if (file_.is_open()) return {};
    return failure(Code::internal, "cannot write " + path_ + ": " + std::strerror(error_));
  }
  void take_name() {
    if (file_.is_open() && has_name_) ::unlink(path_.c_str());
    has_name_ = false;
  }
  const std::string& path() const { return path_; }
  Descriptor take_file() { return std::move(file_); }

 private:
  const std::string path_;
  Descriptor file_;
  const int error_;
  bool has_name_ = true;
};

// All pages in one step: it holds one view of the source, and a writer that commits meanwhile does not make
// it begin again. A page at a time passes through memory, whatever the size.
Result<> copy_into(Database& source, Database& target) {
  sqlite3_backup* const copy = sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
  if (copy) {
    sqlite3_backup_step(copy, -1);
    sqlite3_backup_finish(copy);
  }
  return target.check();
}

Result<> fill(Database& source, NamedForNow& file) {
  MUSTER_TRY(const auto target, Database::open(file.path(), Database::Mode::read_write));
  // The copy counts only once it is whole, so that nothing needs to be undone or synced before.
  MUSTER_TRY(
      target->script("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;"));
  file.take_name();
  return copy_into(source, *target);
}

}  // namespace

Result<Descriptor> copy_database(Database& source, const std::string& directory) {
  NamedForNow file(directory + "/" + new_name());
  auto filled = file.check();
  if (filled) filled = fill(source, file);
  if (!filled) return failure(filled.error().while_doing("copying the database"));
  return file.take_file();
}

Result<> check_room(const std::string& directory, std::uint64_t bytes) {
  struct statvfs disk {};
  if (::statvfs(directory.c_str(), &disk) != 0) return {};
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= bytes + kRoomForOurselves) return {};
  const auto in_megabytes = [](std::uint64_t size) { return std::to_string((size >> 20) + 1) + " MB"; };
  return failure(Code::storage,
                 "a copy of the database needs " + in_megabytes(bytes + kRoomForOurselves) +
                     " on the disk of " + directory + ", which has less than " + in_megabytes(free) + " left",
                 "Free some space there");
}

void remove_old_copies(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (is_ours(entry)) ::unlink(entry.path().c_str());
}

}  // namespace muster::sqlite
