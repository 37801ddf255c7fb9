// What mdmctl says of itself: the whole, and one verb.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace muster::cli {

/// Everything mdmctl can do, a line a command, with examples. `mdmctl help`.
std::string overview();

/// The resources of `verb` with their summaries. `mdmctl get`.
std::string verb_overview(std::string_view verb);

/// The error for words that are no command; it lists the right ones and guesses at the one meant.
/// `resource` is "" when the verb already is unknown.
Error unknown_command(std::string_view verb, std::string_view resource);

}  // namespace muster::cli
