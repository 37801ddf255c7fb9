#include "sync/rules/coverage.h"

#include <algorithm>
#include <set>

#include "assign/rules.h"

namespace muster::sync {
namespace {

// With no device to tell by, the earlier rule that covers every device says enough: its place, or that of the
// end.
size_t first_of_all_devices(const assign::Rules& rules) {
  const auto all = rules.in_order();
  const auto found = std::find_if(all.begin(), all.end(), [](const Rule& rule) {
    return rule.filter == "*" || !rule.filter_error.empty();
  });
  return static_cast<size_t>(found - all.begin());
}

}  // namespace

Result<Coverage> coverage_of(Reader& reader, AccountId account) {
  MUSTER_TRY(auto stored, reader.rules(account));
  const assign::Rules rules(std::move(stored));
  MUSTER_TRY(const auto counts, reader.match_counts(account, rules.expressions()));
  Coverage coverage;
  coverage.rules.resize(rules.in_order().size());
  // Who is in front of each everywhere it could have been first.
  std::vector<std::set<int>> shadows(coverage.rules.size());
  for (const auto& count : counts) {
    int first = -1;
    for (size_t i = 0; i < count.matches.size(); ++i) {
      if (!count.matches[i]) continue;
      coverage.rules[i].matches += count.devices;
      if (first < 0) {
        first = static_cast<int>(i);
        coverage.rules[i].devices += count.devices;
      } else if (coverage.rules[i].devices == 0) {
        shadows[i].insert(first);
      }
    }
    if (first < 0) coverage.none += count.devices;
  }
  const size_t star = first_of_all_devices(rules);
  for (size_t i = 0; i < coverage.rules.size(); ++i) {
    if (coverage.rules[i].devices > 0) continue;
    if (shadows[i].empty() && star < i) shadows[i].insert(static_cast<int>(star));
    coverage.rules[i].shadowed_by.assign(shadows[i].begin(), shadows[i].end());
  }
  return coverage;
}

}  // namespace muster::sync
