// A profile that a person wrote, checked for form before anything is sent.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::cli {

/// `text` as it is to be sent: as it was written, every key and the order kept, without a byte order mark.
/// Whether the values make sense is for the server to say. `name` is the file's name; errors are
/// Code::invalid and name it, with line, column, reason and mend.
Result<std::string> check_profile(const std::string& name, std::string text);

}  // namespace muster::cli
