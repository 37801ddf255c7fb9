// The flags of a command, as it declares them itself: help, man page and completion cannot differ from what
// it takes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/text/flags.h"
#include "cli/client/command.h"

namespace muster::cli {

/// A flag without what it is bound to.
struct FlagText {
  std::string name, alias, value_name, help, default_value;
  std::vector<std::string> choices;
  bool is_boolean = false;
};

/// In the order in which help shows them. Nothing is run.
std::vector<FlagText> flags_of(const Command& command);

}  // namespace muster::cli
