// Apple's property lists, as XML and in binary form, from whoever sends them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster {

/// Of one that is read, in bytes: an Apple device's messages to its MDM server have some kilobytes.
inline constexpr size_t kLongestPlist = size_t{64} * 1024;

/// The texts that the outermost dictionary has under these keys; what is missing, or is no text, is left out.
/// They need not be UTF-8. Code::too_large for more than kLongestPlist, and for one with more arrays and
/// dictionaries than any such message has; Code::invalid for what is no property list of a dictionary.
Result<std::map<std::string, std::string>> plist_texts(std::string_view bytes,
                                                       std::initializer_list<const char*> keys);

}  // namespace muster
