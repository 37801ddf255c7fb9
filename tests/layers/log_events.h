// The log events in the code, and those in docs/log.md.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/layers/source_tree.h"

namespace muster::layers {

struct LogCall {
  std::string where;  ///< "sync/run.cc:42"
  std::string level;  ///< "info"
  std::string event;  ///< empty when the call does not begin with a literal
  std::set<std::string> fields;
};
/// The calls of log::debug, info, warn and error. Fields are read where they are written as literals.
std::vector<LogCall> log_calls(const SourceFile& file);

struct DocumentedEvent {
  std::set<std::string> levels;
  std::set<std::string> fields;
};
/// The rows `| `event` | level | meaning | `field` `field` |` of docs/log.md.
std::map<std::string, DocumentedEvent> documented_events(const std::string& markdown);

/// What is in one and not in the other; each complaint says what to write where.
std::vector<std::string> compare(const std::vector<LogCall>& calls,
                                 const std::map<std::string, DocumentedEvent>& documented);

}  // namespace muster::layers
