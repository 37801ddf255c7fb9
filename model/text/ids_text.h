// Serial numbers and profile UUIDs as operators, files and Apple write them. Whatever reads one from text
// reads it here, so that two texts which differ in case or in the white space around them are the same device
// or profile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"

namespace muster {

/// Without white space at both ends, including what is pasted without being seen: non-breaking spaces, byte
/// order marks, zero-width and direction marks.
std::string_view trim_pasted(std::string_view text);

/// The entries of a list as people paste them: separated by commas, semicolons, and white space of any kind,
/// lines too; without quotes around them and what cannot be seen. Empty ones are left out.
std::vector<std::string> split_pasted(std::string_view text);

/// 1 to 64 visible ASCII characters, in upper case; nothing for any other text.
std::optional<Serial> read_serial(std::string_view text);

/// A UUID is its 32 hex digits in upper case, without dashes, as Apple writes them: it is read with dashes of
/// any kind, in braces or quotes, and after `urn:uuid:`. Any other hex digits are in upper case as well.
/// Other text is kept as it is. Nothing for an empty text.
std::optional<ProfileUuid> read_profile_uuid(std::string_view text);

/// Whether a text that read_profile_uuid() gave can be a UUID: hex digits, 32 at most. Apple's have 32;
/// MicroMDM's documentation shows shorter ones.
bool is_profile_uuid(std::string_view text);

}  // namespace muster
