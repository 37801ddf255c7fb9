#include "http/server/net/stream.h"

#include <algorithm>

namespace muster::http {

void remove_front(std::string_view& first, std::string_view& second, size_t count) {
  const size_t of_first = std::min(count, first.size());
  first.remove_prefix(of_first);
  second.remove_prefix(count - of_first);
}

Task<bool> write(Stream& stream, std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    const size_t count = co_await stream.write_some(first, second);
    if (count == 0) co_return false;
    remove_front(first, second, count);
  }
  co_return true;
}

}  // namespace muster::http
