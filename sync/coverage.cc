#include "sync/coverage.h"

#include <algorithm>

#include "assign/rules.h"

namespace muster::sync {
namespace {

// Who is in front of it everywhere it could have been first. With no device to tell by, a `*` in front says enough.
std::vector<int> shadows_of(int place, const std::vector<MatchCount>& counts, const assign::Rules& rules) {
  std::vector<int> shadows;
  for (const auto& count : counts) {
    const auto first = std::find(count.matches.begin(), count.matches.end(), true) - count.matches.begin();
    if (!count.matches[static_cast<size_t>(place)] || first >= place) continue;
    if (std::find(shadows.begin(), shadows.end(), first) == shadows.end())
      shadows.push_back(static_cast<int>(first));
  }
  if (shadows.empty())
    for (int earlier = 0; earlier < place && shadows.empty(); ++earlier)
      if (rules.at(earlier)->filter == "*" || !rules.at(earlier)->filter_error.empty())
        shadows.push_back(earlier);
  std::sort(shadows.begin(), shadows.end());
  return shadows;
}

}  // namespace

Result<Coverage> coverage_of(Reader& reader, AccountId account) {
  MUSTER_TRY(auto assigners, reader.assigners(account));
  const assign::Rules rules(std::move(assigners));
  MUSTER_TRY(const auto counts, reader.match_counts(account, rules.expressions()));
  Coverage coverage;
  coverage.rules.resize(rules.in_order().size());
  for (const auto& count : counts) {
    bool is_first = true;
    for (size_t i = 0; i < count.matches.size(); ++i) {
      if (!count.matches[i]) continue;
      coverage.rules[i].matches += count.devices;
      if (is_first) coverage.rules[i].devices += count.devices;
      is_first = false;
    }
    if (is_first) coverage.none += count.devices;
  }
  for (size_t i = 0; i < coverage.rules.size(); ++i)
    if (coverage.rules[i].devices == 0)
      coverage.rules[i].shadowed_by = shadows_of(static_cast<int>(i), counts, rules);
  return coverage;
}

}  // namespace muster::sync
