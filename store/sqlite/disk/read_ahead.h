// Reading a file from one end to the other by fewer and larger reads: SQLite asks for each page by itself. A
// long walk is read by two: while SQLite works on what was read, a thread reads what comes next.
//
// What was read ahead must not be used once the file may have changed. In WAL mode only checkpoints write a
// database, and none writes a page that a reader's view has from the database: it would have to wait for the
// reader's lock on the log (https://sqlite.org/walformat.html, section 2.3.1). So forget() at each change of
// these locks is enough. Without a log the lock of the file itself is what keeps writers away.
#pragma once

#include <sqlite3.h>

#include <optional>

#include "store/sqlite/disk/piece.h"

namespace muster::sqlite {

class ReadAhead {
 public:
  /// As xRead() of `file`, whose pages are of this size.
  int read(sqlite3_file* file, void* data, int size, sqlite3_int64 at);
  void forget();

 private:
  void turn_over();
  void read_next_beside(sqlite3_file* file);

  Piece piece_;                        // where the walk is
  std::optional<PieceReader> beside_;  // of a long walk
  sqlite3_int64 next_ = 0;             // behind the last read of the walk
  int strays_ = 0;                     // reads elsewhere since
  int in_row_ = 0;                     // reads of the file that each lay behind the one before
};

}  // namespace muster::sqlite
