#include "store/sqlite/disk/read_ahead.h"

#include <exception>

namespace muster::sqlite {
namespace {

// So many reads in a row, each behind the one before, and it is a walk. Pages of other tables may lie
// between.
constexpr int kWalk = 8;
constexpr sqlite3_int64 kGap = 32 << 10;
// So many reads elsewhere do not end it: of the upper pages of the table's tree, which lie anywhere.
constexpr int kStrays = 3;
// So many more, and it is worth a thread: a megabyte.
constexpr int kLongWalk = kWalk + 16;

// What is handed over is larger: that takes time, too.
constexpr int kPiece = Piece::kLeast;
constexpr int kLargePiece = 8 * Piece::kLeast;

}  // namespace

int ReadAhead::read(sqlite3_file* file, void* data, int size, sqlite3_int64 at) {
  const bool goes_on = at >= next_ && at - next_ <= kGap;
  if (!goes_on && strays_ < kStrays) {
    ++strays_;
    return piece_.copy_to(data, size, at) ? SQLITE_OK : file->pMethods->xRead(file, data, size, at);
  }
  strays_ = 0;
  next_ = at + size;
  if (!goes_on) beside_.reset();
  if (beside_ && !piece_.has(size, at)) turn_over();
  if (piece_.copy_to(data, size, at)) return SQLITE_OK;
  in_row_ = goes_on ? in_row_ + 1 : 0;
  if (in_row_ < kWalk) return file->pMethods->xRead(file, data, size, at);
  // It fails near the end of the file, too.
  if (!piece_.read(file, at, kPiece) || !piece_.copy_to(data, size, at)) {
    forget();
    return file->pMethods->xRead(file, data, size, at);
  }
  if (in_row_ >= kLongWalk) read_next_beside(file);
  return SQLITE_OK;
}

void ReadAhead::turn_over() {
  piece_ = beside_->take(std::move(piece_));
  beside_->begin(piece_.end(), kLargePiece);
}

// Called by SQLite, which knows no exceptions.
void ReadAhead::read_next_beside(sqlite3_file* file) {
  try {
    if (!beside_) beside_.emplace(file);
    beside_->begin(piece_.end(), kLargePiece);
  } catch (const std::exception&) {  // no memory, or too many threads: without
    beside_.reset();
  }
}

void ReadAhead::forget() {
  beside_.reset();
  piece_ = {};
  in_row_ = 0;
}

}  // namespace muster::sqlite
