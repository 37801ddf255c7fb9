// What has to be done so that the server's configuration is the wanted one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/code/config_step.h"
#include "cli/code/config_values.h"
#include "cli/code/rule_diff.h"

namespace muster::cli {

struct ConfigDiff {
  std::vector<ConfigStep> steps{};  ///< in the order in which they are to be done
  size_t kept = 0;                  ///< rules and lists that are not in the file, and stay
  std::vector<std::string> notes{};
};

/// The serials of the lists that are there, by name; those of a list that stays as it is may be missing.
using PresentSerials = std::map<std::string, std::vector<Serial>>;

/// `prune`: rules and lists that are not in the file go, where it has a section for them. Profiles never go,
/// since Apple keeps them.
ConfigDiff diff_config(const WantedConfig& wanted, const PresentConfig& present,
                       const PresentSerials& present_serials, const ListsOfFilters& lists_of, bool prune);

/// The list of this name as it is on the server; null when there is none.
const PresentList* find_list(const PresentConfig& present, const std::string& name);

/// The diff as people read it: `account school:` with a line for each step.
std::string to_text(const std::string& account, const ConfigDiff& diff);

}  // namespace muster::cli
