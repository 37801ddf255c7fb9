// The torture test for several servers on one PostgreSQL database: servers are killed and suspended, the
// database is killed and loses its connections, a synchronous standby takes its place, the way to it is cut,
// while devices come and go and Apple fails.
#pragma once

#include <iosfwd>
#include <string>

#include "tests/torture/torture.h"

namespace muster::torture {

/// As torture(), with plan.servers servers; plan.kills is how many faults there are, of all kinds.
Report torture_servers(const Plan& plan, const std::string& directory, std::ostream& progress);

}  // namespace muster::torture
