// A configuration file, read and checked: all that can be known without a server.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/code/config_values.h"
#include "cli/input/config_findings.h"

namespace muster::cli {

/// Reads a file that the configuration names: its path, and the most bytes that it may have.
using ReadFile = std::function<Result<std::string>(const std::string& path, size_t limit)>;

/// What reading goes by, beside the file's own text.
struct ConfigSource {
  std::string directory{};  ///< where the names of files begin; "" for the working directory
  ReadFile read_file{};
  bool force_profiles = false;  ///< what is wrong in a profile keeps nobody from sending it
};

/// One for each account, in the file's order. What is wrong goes to `findings`; where an error is among them,
/// the rest is not to be used.
std::vector<WantedConfig> read_config(std::string_view yaml, const ConfigSource& source,
                                      ConfigFindings& findings);

}  // namespace muster::cli
