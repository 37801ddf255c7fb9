// The steps of a diff, done one after the other.
#pragma once

#include "cli/client/call.h"
#include "cli/code/config_diff.h"

namespace muster::cli {

struct Applied {
  size_t done = 0;
  size_t failed = 0;          ///< refused, left out for want of another, or not reached
  std::string devices = "0";  ///< that change their profile by it, all together
};

/// Does what it can, and prints a line for each step. A step that fails keeps only those from being done that
/// need it; but when somebody else has changed the configuration since `revision`, nothing more is done.
/// `yes`: also where more than 100 devices change, without asking.
Applied apply_steps(Call& call, Api& server, const std::vector<ConfigStep>& steps, long long revision,
                    bool yes);

}  // namespace muster::cli
