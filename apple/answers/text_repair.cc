#include "apple/answers/text_repair.h"

#include "base/text/utf8.h"

namespace muster::apple {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The number of `\uXXXX` at the front; -1 when there is none.
int escaped_unit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  int unit = 0;
  for (const char c : text.substr(2, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_first_half(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_second_half(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

}  // namespace

std::string repair_json_text(std::string_view text) {
  while (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    size_t taken = 1;
    if (text[0] == '\\') {
      const int unit = escaped_unit(text);
      if (is_first_half(unit) && is_second_half(escaped_unit(text.substr(6)))) {
        out += text.substr(0, taken = 12);
      } else if (unit == 0 || is_first_half(unit) || is_second_half(unit)) {
        out += kReplacement;
        taken = 6;
      } else {
        out += text.substr(0, taken = 2);  // with what it escapes: a second backslash begins no escape
        if (out.back() >= 0 && out.back() < 0x20) out.pop_back(), taken = 1;
      }
    } else if (const unsigned char c = static_cast<unsigned char>(text[0]); c < 0x20) {
      out += ' ';
    } else if (const size_t length = utf8_length(text); length > 0) {
      out += text.substr(0, taken = length);
    } else {
      out += kReplacement;
    }
    text.remove_prefix(std::min(taken, text.size()));
  }
  return out;
}

}  // namespace muster::apple
