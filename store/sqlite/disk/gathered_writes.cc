#include "store/sqlite/disk/gathered_writes.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

namespace muster::sqlite {
namespace {

// The most that SQLite's files take in one call: they look at so many bits of a size (seekAndWriteFd() in os_unix.c).
constexpr size_t kMostKept = 0x1FFFF;

// https://sqlite.org/walformat.html: a frame is a header and a page. In the header of the one that ends a transaction is the
// size of the database, from the fifth byte on.
constexpr int kFrameHeader = 24;
constexpr int kSizeAfterCommit = 4;
// The locks of the log's index
constexpr int kCheckpointLock = 1;
constexpr int kFirstReaderOfTheLog = 4;

bool ends_transaction(const char* header) {
  return std::any_of(header + kSizeAfterCommit, header + kSizeAfterCommit + 4,
                     [](char byte) { return byte != 0; });
}

sqlite3_vfs* system_files = nullptr;  // constant once the layer is there

class Kept {
 public:
  bool is_empty() const { return data_.empty(); }
  bool ends_at(sqlite3_int64 at) const { return !data_.empty() && at == end(); }
  bool has_room_for(int size) const { return data_.size() + static_cast<size_t>(size) <= kMostKept; }
  bool overlaps(int size, sqlite3_int64 at) const { return !data_.empty() && at < end() && at + size > at_; }
  // Behind what is there already. Code of SQLite's.
  int add(const void* data, int size, sqlite3_int64 at) {
    if (data_.empty()) at_ = at;
    try {
      data_.reserve(kMostKept);
      const auto* bytes = static_cast<const char*>(data);
      data_.insert(data_.end(), bytes, bytes + size);
    } catch (const std::bad_alloc&) {
      return SQLITE_IOERR_NOMEM;
    }
    return SQLITE_OK;
  }
  void forget() { data_.clear(); }
  // It is not there afterwards, also when that fails: who wrote it gives it again.
  int hand_down(sqlite3_file* real) {
    if (data_.empty()) return SQLITE_OK;
    const int done = real->pMethods->xWrite(real, data_.data(), static_cast<int>(data_.size()), at_);
    data_.clear();
    return done;
  }

 private:
  sqlite3_int64 end() const { return at_ + static_cast<sqlite3_int64>(data_.size()); }

  std::vector<char> data_;
  sqlite3_int64 at_ = 0;
};

struct Gathering {
  Kept kept;
  bool is_log = false;
  // of the log
  bool is_last_frame = false;  // its header was written, the page comes next
  sqlite3_int64 end = 0;       // of what was written since the log was begun
  // of the database
  bool is_checkpoint = false;
  bool is_held_back = false;  // by a reader
};

// SQLite allocates it, with room behind it for the system's own.
struct File {
  sqlite3_file base;
  Gathering* gathering;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *real()->pMethods; }
  int hand_down() { return gathering->kept.hand_down(real()); }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

int write_through(File& file, const void* data, int size, sqlite3_int64 at) {
  const int done = file.hand_down();
  return done != SQLITE_OK ? done : file.methods().xWrite(file.real(), data, size, at);
}

int keep(File& file, const void* data, int size, sqlite3_int64 at) {
  Kept& kept = file.gathering->kept;
  if (!kept.is_empty() && (!kept.ends_at(at) || !kept.has_room_for(size))) {
    const int done = file.hand_down();
    if (done != SQLITE_OK) return done;
  }
  return kept.add(data, size, at);
}

int write_log(File& file, const void* data, int size, sqlite3_int64 at) {
  Gathering& log = *file.gathering;
  const bool is_end = std::exchange(log.is_last_frame,
                                    size == kFrameHeader && ends_transaction(static_cast<const char*>(data)));
  if (at == 0) log.end = 0;  // begun anew
  const bool is_written_over = at < log.end;
  if (!is_written_over) log.end = at + size;
  const int done = is_written_over ? write_through(file, data, size, at) : keep(file, data, size, at);
  return done == SQLITE_OK && is_end ? file.hand_down() : done;
}

int on_close(sqlite3_file* f) {
  File& file = file_of(f);
  (void)file.hand_down();  // of no committed transaction
  delete file.gathering;
  return file.methods().xClose(file.real());
}
int on_read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  File& file = file_of(f);
  if (file.gathering->kept.overlaps(size, at)) {
    const int done = file.hand_down();
    if (done != SQLITE_OK) return done;
  }
  return file.methods().xRead(file.real(), data, size, at);
}
int on_write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  File& file = file_of(f);
  const Gathering& gathering = *file.gathering;
  if (gathering.is_log) return write_log(file, data, size, at);
  const bool may_keep = gathering.is_checkpoint && !gathering.is_held_back;
  return may_keep ? keep(file, data, size, at) : write_through(file, data, size, at);
}
int on_truncate(sqlite3_file* f, sqlite3_int64 size) {
  File& file = file_of(f);
  const int done = file.hand_down();
  if (file.gathering->is_log) file.gathering->end = std::min(file.gathering->end, size);
  return done != SQLITE_OK ? done : file.methods().xTruncate(file.real(), size);
}
int on_sync(sqlite3_file* f, int flags) {
  const int done = file_of(f).hand_down();
  return done != SQLITE_OK ? done : file_of(f).methods().xSync(file_of(f).real(), flags);
}
int on_file_size(sqlite3_file* f, sqlite3_int64* size) {
  const int done = file_of(f).hand_down();
  return done != SQLITE_OK ? done : file_of(f).methods().xFileSize(file_of(f).real(), size);
}
int on_lock(sqlite3_file* f, int level) { return file_of(f).methods().xLock(file_of(f).real(), level); }
int on_unlock(sqlite3_file* f, int level) { return file_of(f).methods().xUnlock(file_of(f).real(), level); }
int on_check_lock(sqlite3_file* f, int* out) {
  return file_of(f).methods().xCheckReservedLock(file_of(f).real(), out);
}
int on_control(sqlite3_file* f, int what, void* argument) {
  File& file = file_of(f);
  Gathering& gathering = *file.gathering;
  if (what == SQLITE_FCNTL_CKPT_START) {
    gathering.kept.forget();  // of a checkpoint that failed
    gathering.is_checkpoint = true;
  }
  if (what == SQLITE_FCNTL_CKPT_DONE) gathering.is_checkpoint = false;
  return file.methods().xFileControl(file.real(), what, argument);
}
int on_sector_size(sqlite3_file* f) { return file_of(f).methods().xSectorSize(file_of(f).real()); }
int on_characteristics(sqlite3_file* f) {
  return file_of(f).methods().xDeviceCharacteristics(file_of(f).real());
}
int on_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
  return file_of(f).methods().xShmMap(file_of(f).real(), region, size, extend, out);
}
int on_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  File& file = file_of(f);
  const int done = file.methods().xShmLock(file.real(), offset, n, flags);
  constexpr int kTakesIt = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
  if ((flags & kTakesIt) != kTakesIt) return done;
  if (offset == kCheckpointLock && done == SQLITE_OK) file.gathering->is_held_back = false;
  if (offset >= kFirstReaderOfTheLog && done != SQLITE_OK) file.gathering->is_held_back = true;
  return done;
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
  const bool is_log = flags & SQLITE_OPEN_WAL;
  const bool is_written_database = (flags & SQLITE_OPEN_MAIN_DB) && (flags & SQLITE_OPEN_READWRITE);
  if (!is_log && !is_written_database) return system_files->xOpen(system_files, name, f, flags, out_flags);
  File& file = file_of(f);
  file.base.pMethods = nullptr;
  file.gathering = new (std::nothrow) Gathering;
  if (!file.gathering) return SQLITE_NOMEM;
  file.gathering->is_log = is_log;
  const int result = system_files->xOpen(system_files, name, file.real(), flags, out_flags);
  if (file.real()->pMethods)
    file.base.pMethods = &kMethods;
  else
    delete file.gathering;
  return result;
}

const char* install() {
  system_files = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs layer = *system_files;
  layer.pNext = nullptr;
  layer.zName = "muster-gathering";
  layer.szOsFile = static_cast<int>(sizeof(File)) + system_files->szOsFile;
  layer.xOpen = on_open;
  return sqlite3_vfs_register(&layer, 0) == SQLITE_OK ? layer.zName : nullptr;
}

}  // namespace

const char* gathering_vfs() {
  static const char* const name = install();
  return name;
}

}  // namespace muster::sqlite
