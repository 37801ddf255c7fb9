// A configuration file, read and checked: all that can be known without a server.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config_findings.h"
#include "cli/wanted_config.h"

namespace muster::cli {

/// Reads a file that the configuration names: its path, and the most bytes that it may have.
using ReadFile = std::function<Result<std::string>(const std::string& path, size_t limit)>;

/// One for each account, in the file's order. `directory` is where the names of files begin, "" for the working directory.
/// What is wrong goes to `findings`; where an error is among them, the rest is not to be used.
std::vector<WantedAccount> read_config(std::string_view yaml, const std::string& directory,
                                       const ReadFile& read_file, ConfigFindings& findings);

}  // namespace muster::cli
