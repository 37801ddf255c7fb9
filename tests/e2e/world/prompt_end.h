// The promise of docs/serve.md: SIGTERM ends the server within two seconds.
#pragma once

#include <optional>

#include "tests/e2e/world/muster_server.h"

namespace muster::test {

/// Sends SIGTERM. The exit code; nothing when the server still runs after the two seconds of docs/serve.md.
/// They count as far as the machine has time for one more busy thread: on one that is busy they take longer.
std::optional<int> end_promptly(MusterServer& server);

}  // namespace muster::test
