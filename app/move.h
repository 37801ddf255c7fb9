// `muster move`: moves all data of a stopped server between SQLite and PostgreSQL.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace muster::app {

/// Reads the flags, moves, and prints what both sides have. Code::cancelled carries the manual; an error when
/// nothing was moved, or the two sides differ.
Result<> move_data(const std::vector<std::string>& args);

}  // namespace muster::app
