// Secrets that systemd gives a service as files (LoadCredential=), in the directory $CREDENTIALS_DIRECTORY.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace muster::app {

struct Credential {
  std::string path;
  std::string text;
};

/// Nothing when there is none of this name. `limit`: bytes that it may have.
Result<std::optional<Credential>> read_credential(const std::string& name, size_t limit);

}  // namespace muster::app
