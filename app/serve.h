// muster serve: everything is wired together here, and nowhere else.
#pragma once

#include "app/config.h"

namespace muster::app {

/// Runs the server until SIGTERM or SIGINT. Prints `muster listening on URL` on standard output once it serves.
Result<> serve(const Config& config);

}  // namespace muster::app
