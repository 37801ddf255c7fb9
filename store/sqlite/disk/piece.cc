#include "store/sqlite/disk/piece.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace muster::sqlite {
namespace {

constexpr int kInOneCall = Piece::kLeast;  // SQLite's files take no 128 KB

}  // namespace

bool Piece::read(sqlite3_file* file, sqlite3_int64 at, int size) {
  at_ = at;
  size_ = 0;
  if (room_ < size) {
    data_.reset(new (std::nothrow) char[static_cast<size_t>(size)]);
    room_ = data_ ? size : 0;
  }
  while (size_ + kInOneCall <= std::min(size, room_) &&
         file->pMethods->xRead(file, data_.get() + size_, kInOneCall, end()) == SQLITE_OK)
    size_ += kInOneCall;
  return size_ > 0;
}

bool Piece::copy_to(void* data, int size, sqlite3_int64 at) const {
  if (!has(size, at)) return false;
  std::memcpy(data, data_.get() + (at - at_), static_cast<size_t>(size));
  return true;
}

PieceReader::~PieceReader() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void PieceReader::begin(sqlite3_int64 at, int size) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_begun_; });
    is_begun_ = true;
    at_ = at;
    size_ = size;
  }
  changed_.notify_all();
}

Piece PieceReader::take(Piece used) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !is_begun_; });
  return std::exchange(piece_, std::move(used));
}

void PieceReader::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_begun_ || is_over_; });
      if (is_over_) return;
    }
    (void)piece_.read(file_, at_, size_);
    {
      const std::lock_guard lock(mutex_);
      is_begun_ = false;
    }
    changed_.notify_all();
  }
}

}  // namespace muster::sqlite
