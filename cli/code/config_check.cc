#include "cli/code/config_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/did_you_mean.h"
#include "base/text/encoding.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

// The names that wanted and present objects have together.
template <class Wanted, class Present>
std::vector<std::string> names_of(const std::optional<std::vector<Wanted>>& wanted,
                                  const std::vector<Present>& present) {
  std::vector<std::string> names;
  if (wanted)
    for (const auto& object : *wanted) names.push_back(object.name);
  for (const auto& object : present) names.push_back(object.name);
  return names;
}

void find_unknown(const std::string& name, const std::vector<std::string>& known, TextPlace place,
                  const std::string& what, ConfigFindings& findings) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const auto guess = did_you_mean(name, known);
  findings.add(place, fmt::format("{}, and there is none of that name", what),
               guess.empty() ? "" : fmt::format("Did you mean {}?", guess));
}

}  // namespace

bool check_rule_count(size_t added, const WantedConfig& wanted, const PresentConfig& present,
                      ConfigFindings& findings) {
  const size_t sum = present.rules.size() + added;
  if (added == 0 || present.rule_limit == 0 || sum <= present.rule_limit) return true;
  findings.add(
      wanted.place,
      fmt::format("the account has {} rules, the file has {} more, and the server allows no more than {}",
                  present.rules.size(), added, present.rule_limit),
      "Join rules that give the same profile (a list of serial numbers makes one of many: serial in @NAME), remove "
      "some first, or start the server with a larger -rule-limit");
  return false;
}

Result<ListsOfFilters> check_rules(Api& server, const WantedConfig& wanted, const PresentConfig& present,
                                   bool prune, ConfigFindings& findings) {
  ListsOfFilters lists_of;
  if (!wanted.rules) return lists_of;
  const auto lists =
      names_of(wanted.lists, prune && wanted.lists ? std::vector<PresentList>() : present.lists);
  const auto profiles = names_of(wanted.profiles, present.profiles);
  for (const auto& rule : *wanted.rules) {
    if (!rule.profile.empty())
      find_unknown(rule.profile, profiles, rule.profile_place,
                   fmt::format("the rule gives the profile \"{}\"", rule.profile), findings);
    const auto answer = server.get("/api/v1/filters?check=1&filter=" + percent_encode(rule.filter));
    if (!answer && answer.error().code != Code::invalid) return failure(answer.error());
    if (!answer) {
      findings.add(rule.filter_place, answer.error());
      continue;
    }
    for (const auto& list : strings_of(*answer, "lists")) {
      lists_of[rule.filter].insert(list);
      find_unknown(list, lists, rule.filter_place, fmt::format("the filter asks the list @{}", list),
                   findings);
    }
  }
  return lists_of;
}

}  // namespace muster::cli
