#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/encoding.h"

namespace muster {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > 2) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(const std::string& what, const std::string& path) {
  const int number = errno;
  const Code code = number == ENOENT ? Code::not_found : Code::invalid;
  return failure(code, what + " " + path + ": " + std::strerror(number));
}

}  // namespace

Result<std::string> read_file(const std::string& path, size_t limit) {
  Descriptor file(path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_failure("cannot open", path);
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

Result<> write_file(const std::string& path, const std::string& content, int mode) {
  const auto directory = std::filesystem::path(path).parent_path();
  if (!directory.empty()) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
      return failure(Code::invalid,
                     "cannot make the directory " + directory.string() + ": " + error.message());
  }
  const std::string temporary = path + ".tmp-" + hex_lower(random_bytes(4));
  {
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) return system_failure("cannot write", path);
    std::string_view left = content;
    while (!left.empty()) {
      const ssize_t n = ::write(file.get(), left.data(), left.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        auto error = system_failure("cannot write", path);
        ::unlink(temporary.c_str());
        return error;
      }
      left.remove_prefix(static_cast<size_t>(n));
    }
    if (::fsync(file.get()) != 0) {
      auto error = system_failure("cannot write", path);
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto error = system_failure("cannot write", path);
    ::unlink(temporary.c_str());
    return error;
  }
  return {};
}

}  // namespace muster
