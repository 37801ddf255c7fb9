// Many accounts, as a provider has them: all but the default one without devices.
#pragma once

#include <string>

#include "bench/world.h"

namespace muster::bench {

/// For depsim's -accounts.
std::string account_names(int count);
/// Gives the server the accounts of these names, and waits until each has been read.
void add_accounts(World& world, Server& server, int count);

}  // namespace muster::bench
