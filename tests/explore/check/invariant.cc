#include "tests/explore/check/invariant.h"

namespace muster::explore {

std::optional<Finding> judge(const Story& story, const Outcome& outcome, const Outcome& twin) {
  const auto finding = [](const char* invariant, Complaint complaint) -> std::optional<Finding> {
    if (!complaint) return std::nullopt;
    return Finding{invariant, std::move(*complaint)};
  };
  if (auto found = finding("no unrequested call", no_unrequested_call(story, outcome, twin))) return found;
  if (auto found = finding("same end state", same_end(story, outcome, twin))) return found;
  if (auto found = finding("nothing else stops", nothing_else_stops(story, outcome, twin))) return found;
  if (auto found = finding("no storm", no_storm(story, outcome, twin))) return found;
  return finding("truth", truth(story, outcome));
}

}  // namespace muster::explore
