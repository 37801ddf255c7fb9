// Text from outside made safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace muster::cli {

/// `text` with each control character but the newline made a space: names and messages come from other
/// people, and an escape sequence in one must not reach the terminal.
std::string printable(std::string_view text);

}  // namespace muster::cli
