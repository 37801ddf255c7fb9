// Faults as text, for the command line: `depsim -faults FILE`, `depsim -fault JSON`.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sim/faults/faults.h"

namespace muster::sim {

/// One fault, in the JSON of POST /control/faults.
Result<Fault> parse_fault(const std::string& json);

/// A script: a fault a line; empty lines and those that begin with `#` mean nothing. Code::invalid names file
/// and line.
Result<std::vector<Fault>> read_fault_script(const std::string& path);

}  // namespace muster::sim
