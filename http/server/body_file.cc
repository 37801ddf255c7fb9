#include <sys/stat.h>
#include <unistd.h>

#include "http/message.h"

namespace muster::http {

std::shared_ptr<const BodyFile> BodyFile::take(Descriptor file, std::shared_ptr<const void> held) {
  struct stat status {};
  ::fstat(file.get(), &status);
  return std::shared_ptr<const BodyFile>(
      new BodyFile(std::move(file), static_cast<std::uint64_t>(status.st_size), std::move(held)));
}

size_t BodyFile::read(std::uint64_t at, char* buffer, size_t size) const {
  const ssize_t n = ::pread(file_.get(), buffer, size, static_cast<off_t>(at));
  return n < 0 ? 0 : static_cast<size_t>(n);
}

}  // namespace muster::http
