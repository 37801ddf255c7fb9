// Serial numbers as they are given in flags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

/// The serial numbers of a comma separated list, in the form in which the server's answers have them. What is no serial
/// number is kept as it is, for the server to refuse.
std::vector<std::string> serials_in_flag(std::string_view list);

}  // namespace muster::cli
