// Whether text is UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string_view>

namespace muster {

/// Bytes of the well-formed character at the front: no overlong form, no surrogate, nothing above U+10FFFF. 0 when there
/// is none.
size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace muster
