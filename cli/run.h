// mdmctl as a function: the command line in, text on two streams and an exit code out.
#pragma once

#include <string>
#include <vector>

#include "cli/client/environment.h"

namespace muster::cli {

/// Runs one command. `args` are the words after the program's name. Gives the exit code: 0, or 1 with a
/// message on `environment.err`; some commands have others for what they found or did.
int run(const std::vector<std::string>& args, Environment& environment);

}  // namespace muster::cli
