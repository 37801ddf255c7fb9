// The wanted rules compared with the present ones.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/code/config_step.h"
#include "cli/code/config_values.h"

namespace muster::cli {

/// The lists that each filter asks.
using ListsOfFilters = std::map<std::string, std::set<std::string>>;

struct RuleDiff {
  std::vector<ConfigStep> steps{};  ///< rules that come or change, in the order in which they are to be sent
  std::vector<ConfigStep> removals{};  ///< rules that the file does not have
  std::vector<std::string> notes{};    ///< what a person should know of their order
};

/// A wanted rule is the present one of its name, else that of its filter.
RuleDiff diff_rules(const std::vector<ConfigRule>& wanted, const std::vector<ConfigRule>& present,
                    const ListsOfFilters& lists_of);

}  // namespace muster::cli
