// The forms of output that a command offers.
#pragma once

#include <string>
#include <vector>

#include "base/text/flags.h"

namespace muster::cli {

/// The flag -o of a command whose output has these forms, the first of which is the default that `form` has
/// already. `more`: what the help says of them besides.
FlagSet::Flag& add_form(FlagSet& flags, std::string* form, std::vector<std::string> forms = {"table", "json"},
                        const std::string& more = {});

}  // namespace muster::cli
