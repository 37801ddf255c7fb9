// Who runs mdmctl, for the server's registry.
#pragma once

#include <string>

#include "cli/client/environment.h"

namespace muster::cli {

/// `user@host`, on one line; without the part that cannot be found out.
std::string actor_of(const Environment& environment);

}  // namespace muster::cli
