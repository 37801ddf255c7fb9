#include "store/sqlite/disk/gathered_writes.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "store/sqlite/disk/file_layer.h"
#include "store/sqlite/disk/read_ahead.h"

namespace muster::sqlite {
namespace {

// The most that SQLite's files take in one call: they look at so many bits of a size (seekAndWriteFd() in
// os_unix.c).
constexpr size_t kMostKept = 0x1FFFF;

// https://sqlite.org/walformat.html: a frame is a header and a page. In the header of the one that ends a
// transaction is the size of the database, from the fifth byte on.
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
  ReadAhead ahead;
};

using File = LayeredFile<Gathering*>;

int hand_down(File& file) { return file.own->kept.hand_down(file.below()); }

int write_through(File& file, const void* data, int size, sqlite3_int64 at) {
  const int done = hand_down(file);
  return done != SQLITE_OK ? done : file.methods().xWrite(file.below(), data, size, at);
}

int keep(File& file, const void* data, int size, sqlite3_int64 at) {
  Kept& kept = file.own->kept;
  if (!kept.is_empty() && (!kept.ends_at(at) || !kept.has_room_for(size))) {
    const int done = hand_down(file);
    if (done != SQLITE_OK) return done;
  }
  return kept.add(data, size, at);
}

int write_log(File& file, const void* data, int size, sqlite3_int64 at) {
  Gathering& log = *file.own;
  const bool is_end = std::exchange(log.is_last_frame,
                                    size == kFrameHeader && ends_transaction(static_cast<const char*>(data)));
  if (at == 0) log.end = 0;  // begun anew
  const bool is_written_over = at < log.end;
  if (!is_written_over) log.end = at + size;
  const int done = is_written_over ? write_through(file, data, size, at) : keep(file, data, size, at);
  return done == SQLITE_OK && is_end ? hand_down(file) : done;
}

int on_close(sqlite3_file* f) {
  File& file = File::of(f);
  (void)hand_down(file);  // of no committed transaction
  delete file.own;
  return file.methods().xClose(file.below());
}
int on_read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  File& file = File::of(f);
  if (file.own->kept.overlaps(size, at)) {
    const int done = hand_down(file);
    if (done != SQLITE_OK) return done;
  }
  if (file.own->is_log) return file.methods().xRead(file.below(), data, size, at);
  return file.own->ahead.read(file.below(), data, size, at);
}
int on_write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  File& file = File::of(f);
  Gathering& gathering = *file.own;
  gathering.ahead.forget();
  if (gathering.is_log) return write_log(file, data, size, at);
  const bool may_keep = gathering.is_checkpoint && !gathering.is_held_back;
  return may_keep ? keep(file, data, size, at) : write_through(file, data, size, at);
}
int on_truncate(sqlite3_file* f, sqlite3_int64 size) {
  File& file = File::of(f);
  const int done = hand_down(file);
  file.own->ahead.forget();
  if (file.own->is_log) file.own->end = std::min(file.own->end, size);
  return done != SQLITE_OK ? done : file.methods().xTruncate(file.below(), size);
}
int on_sync(sqlite3_file* f, int flags) {
  const int done = hand_down(File::of(f));
  return done != SQLITE_OK ? done : File::of(f).methods().xSync(File::of(f).below(), flags);
}
int on_file_size(sqlite3_file* f, sqlite3_int64* size) {
  const int done = hand_down(File::of(f));
  return done != SQLITE_OK ? done : File::of(f).methods().xFileSize(File::of(f).below(), size);
}
int on_control(sqlite3_file* f, int what, void* argument) {
  File& file = File::of(f);
  Gathering& gathering = *file.own;
  if (what == SQLITE_FCNTL_CKPT_START) {
    gathering.kept.forget();  // of a checkpoint that failed
    gathering.is_checkpoint = true;
  }
  if (what == SQLITE_FCNTL_CKPT_DONE) gathering.is_checkpoint = false;
  return file.methods().xFileControl(file.below(), what, argument);
}
int on_lock(sqlite3_file* f, int level) {
  File::of(f).own->ahead.forget();
  return pass_on<File, &sqlite3_io_methods::xLock>(f, level);
}
int on_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  File& file = File::of(f);
  file.own->ahead.forget();
  const int done = file.methods().xShmLock(file.below(), offset, n, flags);
  constexpr int kTakesIt = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
  if ((flags & kTakesIt) != kTakesIt) return done;
  if (offset == kCheckpointLock && done == SQLITE_OK) file.own->is_held_back = false;
  if (offset >= kFirstReaderOfTheLog && done != SQLITE_OK) file.own->is_held_back = true;
  return done;
}

constexpr sqlite3_io_methods kMethods = [] {
  auto methods = passing_methods<File>();
  methods.xClose = on_close;
  methods.xRead = on_read;
  methods.xWrite = on_write;
  methods.xTruncate = on_truncate;
  methods.xSync = on_sync;
  methods.xFileSize = on_file_size;
  methods.xFileControl = on_control;
  methods.xLock = on_lock;
  methods.xShmLock = on_shm_lock;
  return methods;
}();

int on_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  const bool is_log = flags & SQLITE_OPEN_WAL;
  const bool is_database = flags & SQLITE_OPEN_MAIN_DB;
  if (!is_log && !is_database) return system_files->xOpen(system_files, name, f, flags, out_flags);
  File& file = File::of(f);
  file.base.pMethods = nullptr;
  file.own = new (std::nothrow) Gathering;
  if (!file.own) return SQLITE_NOMEM;
  file.own->is_log = is_log;
  const int result = system_files->xOpen(system_files, name, file.below(), flags, out_flags);
  if (file.below()->pMethods)
    file.base.pMethods = &kMethods;
  else
    delete file.own;
  return result;
}

const char* install() {
  system_files = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs layer = layer_above<File>(*system_files, "muster-gathering", on_open);
  return sqlite3_vfs_register(&layer, 0) == SQLITE_OK ? layer.zName : nullptr;
}

}  // namespace

const char* gathering_vfs() {
  static const char* const name = install();
  return name;
}

}  // namespace muster::sqlite
