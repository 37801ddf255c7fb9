// mdmctl's manual for `man`, made of the same tables as its help.
#pragma once

#include <string>

#include "cli/client/command.h"

namespace muster::cli {

/// mdmctl(1) with every command, as troff with the man macros.
std::string man_page();

/// The page of one command, mdmctl-get-dep-devices(1).
std::string man_page(const Command& command);

}  // namespace muster::cli
