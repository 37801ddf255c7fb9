// Text as UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster {

/// Bytes of the well-formed character at the front: no overlong form, no surrogate, nothing above U+10FFFF. 0
/// when there is none.
size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

/// The first `limit` bytes of the text, less where they would end in half a character.
std::string_view utf8_prefix(std::string_view text, size_t limit);

/// The text; when it has more than `limit` bytes, only so many of it, no half character at the end, and
/// "...".
std::string cut_utf8(std::string_view text, size_t limit);

}  // namespace muster
