#include "base/os/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/os/descriptor.h"
#include "base/text/encoding.h"

namespace muster {
namespace {

tl::unexpected<Error> system_failure(const std::string& what, const std::string& path) {
  const int number = errno;
  const Code code = number == ENOENT ? Code::not_found : Code::invalid;
  return failure(code, what + " " + path + ": " + std::strerror(number));
}

Result<std::string> read_all(const Descriptor& file, const std::string& path, size_t limit) {
  std::string content;
  char chunk[64 * 1024];
  for (;;) {
    const ssize_t n = ::read(file.get(), chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_failure("cannot read", path);
    if (n == 0) return content;
    content.append(chunk, static_cast<size_t>(n));
    if (content.size() > limit)
      return failure(Code::too_large, path + " is larger than " + std::to_string(limit) + " bytes");
  }
}

bool is_regular(const struct stat& status) { return S_ISREG(status.st_mode); }

// The name of the file that a new one is to replace: where a link leads. A new file's name is as it was
// given.
Result<std::string> replaceable(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || is_regular(status)) return path;
  const bool leads_somewhere = ::stat(path.c_str(), &status) == 0;
  if (leads_somewhere && !is_regular(status))
    return failure(Code::invalid, "cannot write " + path + ": it exists and is not a regular file",
                   "Specify a regular file");
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();  // a link to nowhere is itself replaced
}

// So that the name, too, outlives a power loss. Some file systems cannot, and do without.
void sync_directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const Descriptor directory(
      ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.is_open()) (void)::fsync(directory.get());
}

}  // namespace

Result<std::string> read_file(const std::string& path, size_t limit) {
  const Descriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_failure("cannot open", path);
  return read_all(file, path, limit);
}

Result<std::string> read_regular_file(const std::string& path, size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe without a writer
  if (file.get() < 0) return system_failure("cannot open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_failure("cannot read", path);
  if (!is_regular(status)) return failure(Code::invalid, path + " is not a regular file");
  return read_all(file, path, limit);
}

Result<> write_file(const std::string& path, const std::string& content, int mode) {
  MUSTER_TRY(auto file, NewFile::create(path, mode));
  MUSTER_TRY(file.add(content));
  return file.keep();
}

Result<NewFile> NewFile::create(std::string path, int mode) {
  const auto directory = std::filesystem::path(path).parent_path();
  if (!directory.empty()) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
      return failure(Code::invalid,
                     "cannot create the directory " + directory.string() + ": " + error.message());
  }
  MUSTER_TRY(path, replaceable(path));
  std::string temporary = path + ".tmp-" + hex_lower(random_bytes(4));
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return system_failure("cannot write", path);
  return NewFile(std::move(path), std::move(temporary), fd);
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      fd_(std::exchange(other.fd_, -1)) {}

NewFile::~NewFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

Result<> NewFile::add(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t n = ::write(fd_, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_failure("cannot write", path_);
    piece.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

Result<> NewFile::keep(bool replace) {
  if (::fsync(fd_) != 0) return system_failure("cannot write", path_);
  int renamed =
      ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), replace ? 0 : RENAME_NOREPLACE);
  // A file system that cannot reject by itself
  if (renamed != 0 && errno == EINVAL && !replace) {
    errno = EEXIST;
    if (::access(path_.c_str(), F_OK) != 0) renamed = ::rename(temporary_.c_str(), path_.c_str());
  }
  if (renamed != 0 && errno == EEXIST) return failure(Code::conflict, path_ + " already exists");
  if (renamed != 0) return system_failure("cannot write", path_);
  ::close(std::exchange(fd_, -1));
  sync_directory_of(path_);
  return {};
}

}  // namespace muster
