#include "tests/explore/story/outcome.h"

namespace muster::explore {

std::string text(const Standing& standing) {
  return (standing.is_here
              ? "here, " + standing.by + " " + (standing.desired.empty() ? "-" : standing.desired)
              : "not here") +
         (standing.waits ? ", waits" : "") + ", at Apple " + standing.at_apple;
}

std::set<std::string> excused(const Outcome& outcome, const Outcome& twin) {
  std::set<std::string> serials(outcome.delayed.begin(), outcome.delayed.end());
  serials.insert(outcome.unspecified.begin(), outcome.unspecified.end());
  serials.insert(twin.unspecified.begin(), twin.unspecified.end());
  for (const auto& [event, standings] : outcome.before) {
    const auto same_event = twin.before.find(event);
    if (same_event == twin.before.end()) continue;
    if (standings == same_event->second) continue;
    // Where one of the devices is rejected, the others wait for it.
    for (const auto& [serial, standing] : standings) serials.insert(serial);
  }
  return serials;
}

}  // namespace muster::explore
