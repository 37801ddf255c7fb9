// Reading a file from one end to the other by fewer and larger reads: SQLite asks for each page by itself.
//
// What was read ahead must not be used once the file may have changed. In WAL mode only checkpoints write a database, and none
// writes a page that a reader's view has from the database: it would have to wait for the reader's lock on the log
// (https://sqlite.org/walformat.html, section 2.3.1). So forget() at each change of these locks is enough.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace muster::sqlite {

class ReadAhead {
 public:
  /// As xRead() of `file`, whose pages are of this size.
  int read(sqlite3_file* file, void* data, int size, sqlite3_int64 at);
  void forget();

 private:
  bool has(int size, sqlite3_int64 at) const { return data_ && at >= at_ && at + size <= at_ + kBytes; }

  static constexpr int kBytes = 64 << 10;  // SQLite's files take no 128 KB in one call

  std::unique_ptr<char[]> data_;
  sqlite3_int64 at_ = 0;
  sqlite3_int64 next_ = 0;  // behind the last read
  int in_row_ = 0;          // reads that each lay behind the one before
};

}  // namespace muster::sqlite
