// States in colours: green for what works, yellow for what waits, red for what needs an operator.
#pragma once

#include <string>
#include <string_view>

namespace muster::cli {

/// The text with the colour of the state that it names, or as it is when it names none.
std::string coloured(const std::string& state);

/// The length of the colour sequence that `text` begins with, one of those that coloured() makes; 0 when
/// there is none.
size_t colour_length(std::string_view text);

}  // namespace muster::cli
