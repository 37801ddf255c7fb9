#include "tests/under_test/disk.h"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "store/sqlite/disk/file_layer.h"

namespace muster::under_test {
namespace {

namespace fs = std::filesystem;

std::atomic<Disk> disk{Disk::free};
std::string shadow_directory;         // constant after install_disk()
sqlite3_vfs* system_files = nullptr;  // the same

struct Shadowed {
  const char* path;  // SQLite's, for as long as the file is open; null for files without a shadow
};
using File = sqlite::LayeredFile<Shadowed>;

fs::path shadow_of(const char* path) { return fs::path(shadow_directory) / fs::path(path).filename(); }

// In two steps, so that a kill leaves the old copy or the new one.
void keep_shadow(const char* path) {
  std::error_code error;
  fs::path half = shadow_of(path);
  half += ".half";
  fs::copy_file(path, half, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(half, shadow_of(path), error);
}

int on_read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  if (disk == Disk::broken) return SQLITE_IOERR_READ;
  return File::of(f).methods().xRead(File::of(f).below(), data, size, at);
}
int on_write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  if (disk == Disk::full) return SQLITE_FULL;
  if (disk == Disk::broken) return SQLITE_IOERR_WRITE;
  return File::of(f).methods().xWrite(File::of(f).below(), data, size, at);
}
int on_sync(sqlite3_file* f, int flags) {
  const int result = File::of(f).methods().xSync(File::of(f).below(), flags);
  if (result == SQLITE_OK && File::of(f).own.path) keep_shadow(File::of(f).own.path);
  return result;
}
// Pages that SQLite has in memory are not read again. But each transaction, also of a reader, begins with a
// lock.
int on_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  if (disk == Disk::broken && (flags & SQLITE_SHM_LOCK)) return SQLITE_IOERR_SHMLOCK;
  return File::of(f).methods().xShmLock(File::of(f).below(), offset, n, flags);
}

constexpr sqlite3_io_methods kMethods = [] {
  auto methods = sqlite::passing_methods<File>();
  methods.xRead = on_read;
  methods.xWrite = on_write;
  methods.xSync = on_sync;
  methods.xShmLock = on_shm_lock;
  return methods;
}();

int on_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  File& file = File::of(f);
  const bool lasting = flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL);
  file.base.pMethods = nullptr;
  file.own.path = lasting && !shadow_directory.empty() ? name : nullptr;
  const int result = system_files->xOpen(system_files, name, file.below(), flags, out_flags);
  if (file.below()->pMethods) file.base.pMethods = &kMethods;
  return result;
}

int on_delete(sqlite3_vfs*, const char* name, int sync_directory) {
  const int result = system_files->xDelete(system_files, name, sync_directory);
  std::error_code ignored;
  if (!shadow_directory.empty()) fs::remove(shadow_of(name), ignored);
  return result;
}

}  // namespace

void install_disk(const std::string& shadow) {
  shadow_directory = shadow;
  if (!shadow.empty()) fs::create_directories(shadow);
  system_files = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs layer = sqlite::layer_above<File>(*system_files, "disk-under-test", on_open);
  layer.xDelete = on_delete;
  if (sqlite3_vfs_register(&layer, 1) != SQLITE_OK) throw std::runtime_error("cannot install the disk");
}

void set_disk(Disk is) { disk = is; }

}  // namespace muster::under_test
