// Serial numbers as they are given in flags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::cli {

/// The serial numbers of a list, each once, in the form in which the server's answers have them. Commas,
/// semicolons, white space and line ends separate: a list may be pasted from a mail, a table or a file.
/// Code::invalid names what is not a serial number.
Result<std::vector<std::string>> serials_in_flag(std::string_view list);

}  // namespace muster::cli
