// Serial numbers and profile UUIDs as operators, files and Apple write them. Whatever reads one from text reads it here, so
// that two texts which differ in case or in the white space around them are the same device or profile.
#pragma once

#include <optional>
#include <string_view>

#include "model/ids.h"

namespace muster {

/// Without white space at both ends, including what is pasted without being seen: non-breaking spaces, byte order marks,
/// zero-width and direction marks.
std::string_view trim_pasted(std::string_view text);

/// 1 to 64 visible ASCII characters, in upper case; nothing for any other text.
std::optional<Serial> read_serial(std::string_view text);

/// A UUID, with or without dashes, is its hex digits in upper case, without dashes, as Apple writes them; any other hex
/// digits are in upper case as well. Other text is kept as it is. Nothing for an empty text.
std::optional<ProfileUuid> read_profile_uuid(std::string_view text);

}  // namespace muster
