// A store with something of everything in it, and all that its readers give.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace muster::test {

/// Stores two accounts with all that an account can have, and one that was removed. Throws when it fails.
void store_everything(Store& store);

/// What is stored, by what it is of: each line of `second` is one thing. Throws when it cannot be read.
std::map<std::string, std::vector<std::string>> everything_in(Store& store);

}  // namespace muster::test
