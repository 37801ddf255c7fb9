// Patterns as users write them for file names.
#pragma once

#include <string_view>

namespace muster {

/// Whether all of `text` fits `pattern`: `*` is any characters or none, `?` is one character, everything else
/// is itself, ASCII letters in either case. A character is one of UTF-8; a byte that belongs to none counts
/// as one. Without recursion: at worst as many steps as both lengths multiplied.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace muster
