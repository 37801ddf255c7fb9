#include "cli/printable.h"

namespace muster::cli {

std::string printable(std::string_view text) {
  std::string safe(text);
  for (size_t i = 0; i < safe.size(); ++i) {
    const auto byte = static_cast<unsigned char>(safe[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) safe[i] = ' ';
    // U+0080..U+009F, the eight-bit control characters, are C2 80 .. C2 9F in UTF-8.
    if (byte == 0xC2 && i + 1 < safe.size()) {
      const auto next = static_cast<unsigned char>(safe[i + 1]);
      if (next >= 0x80 && next < 0xA0) safe.replace(i, 2, " ");
    }
  }
  return safe;
}

}  // namespace muster::cli
