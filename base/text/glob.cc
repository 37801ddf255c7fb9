#include "base/text/glob.h"

#include <algorithm>

#include "base/text/strings.h"
#include "base/text/utf8.h"

namespace muster {
namespace {

size_t character_at(std::string_view text, size_t at) {
  return std::max<size_t>(1, utf8_length(text.substr(at)));
}

}  // namespace

// Each star takes as little as it can. When the rest does not fit, only the last star need take more: what an
// earlier one could take, the last one can take as well.
bool glob_matches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  size_t after_star = std::string_view::npos;  // in the pattern, once there was one
  size_t star_took_to = 0;                     // in the text
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      star_took_to = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += character_at(text, t);
    } else if (p < pattern.size() && to_lower(pattern[p]) == to_lower(text[t])) {
      ++p;
      ++t;
    } else if (after_star != std::string_view::npos) {
      star_took_to += character_at(text, star_took_to);
      p = after_star;
      t = star_took_to;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace muster
