#include "sim/faults/fault_script.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <sstream>

#include "base/os/files.h"
#include "base/text/json.h"

namespace muster::sim {

Result<Fault> parse_fault(const std::string& json) {
  MUSTER_TRY(const auto value, parse_json(json));
  if (!value.is_object()) return failure(Code::invalid, "a fault must be a JSON object");
  return parse_fault(value.get_object());
}

Result<std::vector<Fault>> read_fault_script(const std::string& path) {
  MUSTER_TRY(const auto text, read_file(path));
  std::istringstream lines(text);
  std::vector<Fault> faults;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    auto fault = parse_fault(line);
    if (!fault) return failure(fault.error().while_doing(fmt::format("{}:{}", path, number)));
    faults.push_back(std::move(*fault));
  }
  return faults;
}

}  // namespace muster::sim
