// Text files as programs on any system write them.
#pragma once

#include <string>

#include "base/result.h"

namespace muster {

/// The file's text as UTF-8, without a byte order mark. UTF-16 is converted, which PowerShell's `>` and
/// Excel's "Unicode text" write; it is told by its byte order mark, or by zero bytes at every other place.
/// Anything else is given as it is, UTF-8 or not. Code::invalid for UTF-32, and for UTF-16 that is damaged.
Result<std::string> text_of_file(std::string bytes);

}  // namespace muster
