#include "tests/under_test/disk.h"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

namespace muster::under_test {
namespace {

namespace fs = std::filesystem;

std::atomic<Disk> disk{Disk::free};
std::string shadow_directory;         // constant after install_disk()
sqlite3_vfs* system_files = nullptr;  // the same

// SQLite allocates it, with room behind it for the system's own.
struct File {
  sqlite3_file base;
  const char* path;  // SQLite's, for as long as the file is open; null for files without a shadow
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *real()->pMethods; }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

fs::path shadow_of(const char* path) { return fs::path(shadow_directory) / fs::path(path).filename(); }

// In two steps, so that a kill leaves the old copy or the new one.
void keep_shadow(const char* path) {
  std::error_code error;
  fs::path half = shadow_of(path);
  half += ".half";
  fs::copy_file(path, half, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(half, shadow_of(path), error);
}

int on_close(sqlite3_file* f) { return file_of(f).methods().xClose(file_of(f).real()); }
int on_read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  if (disk == Disk::broken) return SQLITE_IOERR_READ;
  return file_of(f).methods().xRead(file_of(f).real(), data, size, at);
}
int on_write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  if (disk == Disk::full) return SQLITE_FULL;
  if (disk == Disk::broken) return SQLITE_IOERR_WRITE;
  return file_of(f).methods().xWrite(file_of(f).real(), data, size, at);
}
int on_truncate(sqlite3_file* f, sqlite3_int64 size) {
  return file_of(f).methods().xTruncate(file_of(f).real(), size);
}
int on_sync(sqlite3_file* f, int flags) {
  const int result = file_of(f).methods().xSync(file_of(f).real(), flags);
  if (result == SQLITE_OK && file_of(f).path) keep_shadow(file_of(f).path);
  return result;
}
int on_file_size(sqlite3_file* f, sqlite3_int64* size) {
  return file_of(f).methods().xFileSize(file_of(f).real(), size);
}
int on_lock(sqlite3_file* f, int level) { return file_of(f).methods().xLock(file_of(f).real(), level); }
int on_unlock(sqlite3_file* f, int level) { return file_of(f).methods().xUnlock(file_of(f).real(), level); }
int on_check_lock(sqlite3_file* f, int* out) {
  return file_of(f).methods().xCheckReservedLock(file_of(f).real(), out);
}
int on_control(sqlite3_file* f, int what, void* argument) {
  return file_of(f).methods().xFileControl(file_of(f).real(), what, argument);
}
int on_sector_size(sqlite3_file* f) { return file_of(f).methods().xSectorSize(file_of(f).real()); }
int on_characteristics(sqlite3_file* f) {
  return file_of(f).methods().xDeviceCharacteristics(file_of(f).real());
}
int on_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
  return file_of(f).methods().xShmMap(file_of(f).real(), region, size, extend, out);
}
// Pages that SQLite has in memory are not read again. But each transaction, also of a reader, begins with a
// lock.
int on_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  if (disk == Disk::broken && (flags & SQLITE_SHM_LOCK)) return SQLITE_IOERR_SHMLOCK;
  return file_of(f).methods().xShmLock(file_of(f).real(), offset, n, flags);
}
void on_barrier(sqlite3_file* f) { file_of(f).methods().xShmBarrier(file_of(f).real()); }
int on_unmap(sqlite3_file* f, int remove) {
  return file_of(f).methods().xShmUnmap(file_of(f).real(), remove);
}

// Version 2: with the shared memory that a write-ahead log needs, without mapped files.
constexpr sqlite3_io_methods kMethods = {2,
                                         on_close,
                                         on_read,
                                         on_write,
                                         on_truncate,
                                         on_sync,
                                         on_file_size,
                                         on_lock,
                                         on_unlock,
                                         on_check_lock,
                                         on_control,
                                         on_sector_size,
                                         on_characteristics,
                                         on_map,
                                         on_shm_lock,
                                         on_barrier,
                                         on_unmap,
                                         nullptr,
                                         nullptr};

int on_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  File& file = file_of(f);
  const bool lasting = flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL);
  file.base.pMethods = nullptr;
  file.path = lasting && !shadow_directory.empty() ? name : nullptr;
  const int result = system_files->xOpen(system_files, name, file.real(), flags, out_flags);
  if (file.real()->pMethods) file.base.pMethods = &kMethods;
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
  static sqlite3_vfs layer = *system_files;
  layer.pNext = nullptr;
  layer.zName = "disk-under-test";
  layer.szOsFile = static_cast<int>(sizeof(File)) + system_files->szOsFile;
  layer.xOpen = on_open;
  layer.xDelete = on_delete;
  if (sqlite3_vfs_register(&layer, 1) != SQLITE_OK) throw std::runtime_error("cannot install the disk");
}

void set_disk(Disk is) { disk = is; }

}  // namespace muster::under_test
