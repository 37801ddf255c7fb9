// The form of the names that people give to things of ours.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace muster {

/// Whether `text` is 1 to 64 characters of a-z, 0-9 and ". _ -", the first a letter or digit, so that it
/// needs no quoting in a shell, a URL, a filter or a file name.
bool is_plain_name(std::string_view text);

/// Code::invalid for a text that is none: `of_what` is e.g. "an account".
tl::unexpected<Error> bad_plain_name(std::string_view text, const std::string& of_what,
                                     const std::string& letters = "a-z");

}  // namespace muster
