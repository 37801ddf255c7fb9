#include "api/actor.h"

#include "base/text/strings.h"
#include "base/text/utf8.h"

namespace muster::api {
namespace {

constexpr size_t kLongest = 100;  // characters

// Characters that a terminal shows: no control characters, neither of one byte nor of two.
bool is_printable(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first >= 0x20 && first != 0x7F;
  return first != 0xC2 || static_cast<unsigned char>(character[1]) >= 0xA0;
}

}  // namespace

std::string said_actor(const http::Request& request) {
  const std::string said = request.headers.get("X-Muster-Actor").value_or("");
  std::string actor;
  size_t count = 0;
  for (std::string_view rest = trim(said); !rest.empty() && count < kLongest;) {
    const size_t length = utf8_length(rest);
    if (length > 0 && is_printable(rest.substr(0, length))) {
      actor += rest.substr(0, length);
      ++count;
    }
    rest.remove_prefix(length > 0 ? length : 1);
  }
  return actor;
}

std::string actor_of(const http::Request& request) {
  auto said = said_actor(request);
  return said.empty() ? request.peer : said;
}

}  // namespace muster::api
