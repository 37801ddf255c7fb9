// What can be known of a configuration with the server's help only, before anything is sent to change it.
#pragma once

#include "cli/client/api.h"
#include "cli/code/config_values.h"
#include "cli/code/rule_diff.h"
#include "cli/input/config_findings.h"

namespace muster::cli {

/// Finds fault with filters that the server does not understand, and with lists and profiles that rules ask
/// and nobody has. `prune`: lists that are not in the file go, where it has a section for them. Gives the
/// lists that the filters ask. Fails when the server cannot be asked.
Result<ListsOfFilters> check_rules(Api& server, const WantedConfig& wanted, const PresentConfig& present,
                                   bool prune, ConfigFindings& findings);

/// Finds fault with `added` rules that the server would refuse beside those there are: it removes rules after
/// it has added others. False then.
bool check_rule_count(size_t added, const WantedConfig& wanted, const PresentConfig& present,
                      ConfigFindings& findings);

}  // namespace muster::cli
