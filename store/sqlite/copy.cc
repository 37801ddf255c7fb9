#include "store/sqlite/copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/encoding.h"

namespace muster::sqlite {
namespace {

constexpr const char* kPrefix = "backup-";

// SQLite opens an empty file as an empty database; it would make one with the rights of the process's mask.
Result<> make_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return failure(Code::internal, "cannot write " + path + ": " + std::strerror(errno));
  ::close(fd);
  return {};
}

// All pages in one step: it holds one view of the source, and a writer that commits meanwhile does not make it begin
// again. A page at a time passes through memory, whatever the size.
Result<> copy_into(Database& source, Database& target) {
  sqlite3_backup* const copy = sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
  if (copy) {
    sqlite3_backup_step(copy, -1);
    sqlite3_backup_finish(copy);
  }
  return target.check();
}

Result<> fill(Database& source, const std::string& path) {
  MUSTER_TRY(const auto target, Database::open(path, Database::Mode::read_write));
  // The copy counts only once it is whole, so that nothing needs to be undone or synced before.
  MUSTER_TRY(
      target->script("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;"));
  return copy_into(source, *target);
}

}  // namespace

std::string new_copy_path(const std::string& directory) {
  return directory + "/" + kPrefix + hex_lower(random_bytes(8));
}

Result<> copy_database(Database& source, const std::string& path) {
  MUSTER_TRY(make_private_file(path));
  auto filled = fill(source, path);
  if (filled) return {};
  ::unlink(path.c_str());
  return failure(filled.error().while_doing("copying the database"));
}

void remove_old_copies(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    std::error_code ignored;
    if (entry.path().filename().string().starts_with(kPrefix)) std::filesystem::remove(entry.path(), ignored);
  }
}

}  // namespace muster::sqlite
