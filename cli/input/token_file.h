// Files with a DEP token.
#pragma once

#include <string>

#include "cli/client/call.h"

namespace muster::cli {

/// The content of a file that has a token in whatever form; `-` is standard input. Code::invalid for an empty
/// one.
Result<std::string> read_token(const Call& call, const std::string& path);

/// The same for the portal's file (.p7m). Code::invalid for a file of another kind.
Result<std::string> read_token_file(const Call& call, const std::string& path);

}  // namespace muster::cli
