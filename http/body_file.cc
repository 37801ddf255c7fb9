#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "http/message.h"

namespace muster::http {

Result<std::shared_ptr<const BodyFile>> BodyFile::take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int number = errno;
  ::unlink(path.c_str());
  if (fd < 0) return failure(Code::internal, "cannot open " + path + ": " + std::strerror(number));
  struct stat status {};
  ::fstat(fd, &status);
  return std::shared_ptr<const BodyFile>(new BodyFile(fd, static_cast<std::uint64_t>(status.st_size)));
}

BodyFile::~BodyFile() { ::close(fd_); }

size_t BodyFile::read(std::uint64_t at, char* buffer, size_t size) const {
  const ssize_t n = ::pread(fd_, buffer, size, static_cast<off_t>(at));
  return n < 0 ? 0 : static_cast<size_t>(n);
}

}  // namespace muster::http
