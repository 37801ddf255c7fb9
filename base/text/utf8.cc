#include "base/text/utf8.h"

namespace muster {
namespace {

bool continues(unsigned char c) { return (c & 0xC0) == 0x80; }

}  // namespace

size_t utf8_length(std::string_view text) {
  const auto at = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned c = at(0), second = at(1);
  if (c < 0x80) return text.empty() ? 0 : 1;
  if (c >= 0xC2 && c <= 0xDF) return continues(static_cast<unsigned char>(second)) ? 2 : 0;
  const bool two_more =
      continues(static_cast<unsigned char>(second)) && continues(static_cast<unsigned char>(at(2)));
  if (c >= 0xE0 && c <= 0xEF) {
    const bool well_formed = !(c == 0xE0 && second < 0xA0) && !(c == 0xED && second > 0x9F);
    return two_more && well_formed ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const bool well_formed = !(c == 0xF0 && second < 0x90) && !(c == 0xF4 && second > 0x8F);
    return two_more && well_formed && continues(static_cast<unsigned char>(at(3))) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  // No character has more than three bytes behind its first: what has is none.
  size_t end = limit;
  while (end > 0 && limit - end < 3 && continues(static_cast<unsigned char>(text[end]))) --end;
  return text.substr(0, end);
}

std::string cut_utf8(std::string_view text, size_t limit) {
  if (text.size() <= limit) return std::string(text);
  return std::string(utf8_prefix(text, limit)) + "...";
}

}  // namespace muster
