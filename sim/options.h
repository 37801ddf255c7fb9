// The command line of depsim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/server/server.h"
#include "sim/faults/faults.h"
#include "sim/world/settings.h"

namespace muster::sim {

struct Options {
  http::Address listen{.host = "127.0.0.1", .port = 8080};
  std::optional<http::TlsFiles> tls;
  long long devices = 0;  ///< of the first account, there before anyone looks
  uint64_t seed = 1;
  std::vector<std::string> accounts{"default"};
  std::optional<Time> clock;  ///< the simulator's clock stands still there to begin with
  std::vector<Fault> faults;  ///< to begin with
  bool pages_ahead = false;   ///< the first account's full list is made before anyone asks
  bool log_calls = false;
  bool version = false;  ///< print the version and end
  Settings settings;
};

/// Code::invalid with all that is wrong; Code::cancelled with the manual for -h.
Result<Options> parse_options(const std::vector<std::string>& args);

}  // namespace muster::sim
