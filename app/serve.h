// muster serve: everything is wired together here, and nowhere else.
#pragma once

#include "app/config.h"

namespace muster::app {

/// Runs the server until SIGTERM or SIGINT. Prints `muster listening on URL` on standard output once it
/// serves. `clock`: for the schedule and whatever is stored; time limits of single calls go by the machine's
/// own.
Result<> serve(const Config& config, Clock& clock);

}  // namespace muster::app
