// Whole files, read and written safely.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster {

/// The whole content; `-` reads standard input. Code::not_found when there is no such file, Code::too_large
/// over `limit` bytes, Code::invalid when it cannot be read (a directory, no permission).
Result<std::string> read_file(const std::string& path, size_t limit = 64 << 20);

/// The same of a file that someone else named: only a regular file is read, and `-` is a name like others.
/// Never waits.
Result<std::string> read_regular_file(const std::string& path, size_t limit);

/// Writes a temporary file beside `path`, syncs it and renames it over: readers see the old content or the
/// new, never half of it. A link is followed; what is there and is no regular file, such as a device, is not
/// replaced (Code::invalid). Makes missing parent directories. `mode` e.g. 0600 for what holds secrets.
Result<> write_file(const std::string& path, const std::string& content, int mode = 0644);

/// A file that is written piece by piece and appears under its name only when it is whole: a temporary file
/// beside it, synced with its name by keep(), and gone without it. Makes missing parent directories.
class NewFile {
 public:
  static Result<NewFile> create(std::string path, int mode = 0644);
  ~NewFile();
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;

  Result<> add(std::string_view piece);
  /// Code::conflict when there is a file of this name and it is not to be replaced.
  Result<> keep(bool replace = true);

 private:
  NewFile(std::string path, std::string temporary, int fd)
      : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}
  std::string path_, temporary_;
  int fd_;  // -1 when it is kept, or moved from
};

}  // namespace muster
