// Completion in a shell: the shell's script (commands/completion.cc) asks `mdmctl __complete WORD...` for
// what may stand in the place of the last word.
#pragma once

#include <string>
#include <vector>

#include "cli/client/environment.h"

namespace muster::cli {

struct Candidate {
  std::string text;
  std::string description;  ///< "" for none
};

/// What may stand in the place of the last of `words`, which stand behind `mdmctl`, and begins as it does.
/// Names of accounts, lists, profiles and rules are asked of the server, for two seconds at most. Nothing
/// where a file belongs, or anything.
std::vector<Candidate> complete(const std::vector<std::string>& words, Environment& environment);

}  // namespace muster::cli
