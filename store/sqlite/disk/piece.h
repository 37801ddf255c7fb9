// Pieces of a file.
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace muster::sqlite {

class Piece {
 public:
  static constexpr int kLeast = 64 << 10;  ///< bytes

  /// Reads up to `size` bytes, a multiple of kLeast, from `at`: as many whole kLeast as the file has there.
  /// False if that is none.
  bool read(sqlite3_file* file, sqlite3_int64 at, int size);
  bool has(int size, sqlite3_int64 at) const { return at >= at_ && at + size <= end(); }
  /// False when it does not have them.
  bool copy_to(void* data, int size, sqlite3_int64 at) const;
  sqlite3_int64 end() const { return at_ + size_; }

 private:
  std::unique_ptr<char[]> data_;
  int room_ = 0;
  sqlite3_int64 at_ = 0;
  int size_ = 0;
};

/// Reads pieces of a file on a thread of its own, one at a time. The file must outlive it.
class PieceReader {
 public:
  /// Throws when there can be no thread.
  explicit PieceReader(sqlite3_file* file) : file_(file), thread_([this] { work(); }) {}
  ~PieceReader();
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;

  /// Waits for a piece in progress.
  void begin(sqlite3_int64 at, int size);
  /// The piece that was begun last, once it is read; empty if it could not be. Keeps `used` for its memory.
  Piece take(Piece used);

 private:
  void work();

  sqlite3_file* const file_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_begun_ = false;  // and not read yet
  bool is_over_ = false;
  sqlite3_int64 at_ = 0;
  int size_ = 0;
  Piece piece_;
  std::thread thread_;  // behind what it uses
};

}  // namespace muster::sqlite
