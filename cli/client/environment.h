// What mdmctl takes from outside itself. A test hands in its own.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "base/result.h"

namespace muster::cli {

struct Environment {
  std::ostream& out;  ///< what a command is asked for
  std::ostream& err;  ///< errors, warnings, and manuals nobody asked for
  /// Somebody looks at `err` while it is written.
  bool is_terminal = false;
  /// Somebody looks at `out`.
  bool out_is_terminal = false;
  /// States are coloured on `out`.
  bool has_colour = false;
  /// An environment variable's value, "" when it is not set.
  std::function<std::string(const std::string& name)> variable;
  /// Asks the operator a question that yes or no answers; empty where nobody is there to answer.
  std::function<bool(const std::string& question)> ask = {};
  /// The whole of standard input, for `-f -`; Code::too_large over `limit` bytes.
  std::function<Result<std::string>(size_t limit)> read_stdin;
};

}  // namespace muster::cli
