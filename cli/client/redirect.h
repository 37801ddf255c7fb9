// Where an answer sends us, and whether our key may go along.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::cli {

struct Redirect {
  std::string url;  ///< absolute
  /// The same host, and not from https to http. libcurl's own rule also wants the same port and scheme, which
  /// would lose the key on the usual way from http to https; Go's, which MicroMDM's mdmctl follows, does not.
  bool may_carry_key = false;
};

/// Resolves a `Location` against the URL that answered. Code::remote when it leads nowhere that can be asked.
Result<Redirect> resolve_redirect(const std::string& from, const std::string& location);

}  // namespace muster::cli
