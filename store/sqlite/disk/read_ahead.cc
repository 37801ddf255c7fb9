#include "store/sqlite/disk/read_ahead.h"

#include <cstring>
#include <new>

namespace muster::sqlite {
namespace {

// So many reads in a row, each behind the one before, and it is a walk. Pages of other tables may lie between.
constexpr int kWalk = 8;
constexpr sqlite3_int64 kGap = 32 << 10;

}  // namespace

int ReadAhead::read(sqlite3_file* file, void* data, int size, sqlite3_int64 at) {
  const bool goes_on = at >= next_ && at - next_ <= kGap;
  next_ = at + size;
  if (has(size, at)) {
    std::memcpy(data, data_.get() + (at - at_), static_cast<size_t>(size));
    return SQLITE_OK;
  }
  in_row_ = goes_on ? in_row_ + 1 : 0;
  if (in_row_ < kWalk) return file->pMethods->xRead(file, data, size, at);
  if (!data_) data_.reset(new (std::nothrow) char[kBytes]);
  at_ = at;
  // It fails near the end of the file, too.
  if (!data_ || file->pMethods->xRead(file, data_.get(), kBytes, at) != SQLITE_OK) {
    forget();
    return file->pMethods->xRead(file, data, size, at);
  }
  std::memcpy(data, data_.get(), static_cast<size_t>(size));
  return SQLITE_OK;
}

void ReadAhead::forget() {
  data_.reset();
  in_row_ = 0;
}

}  // namespace muster::sqlite
