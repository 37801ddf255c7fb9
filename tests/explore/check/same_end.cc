#include "tests/explore/check/invariant.h"

namespace muster::explore {

Complaint same_end(const Story&, const Outcome& outcome, const Outcome& twin) {
  const auto excuses = excused(outcome, twin);
  for (const auto& [serial, standing] : outcome.end) {
    if (excuses.contains(serial)) continue;
    const auto other = twin.end.find(serial);
    if (other == twin.end.end()) return serial + " is not in the twin";
    if (other->second == standing) continue;
    return serial + ": " + text(standing) + "; without the fault: " + text(other->second);
  }
  return std::nullopt;
}

}  // namespace muster::explore
