#include <algorithm>

#include "tests/explore/check/invariant.h"

namespace muster::explore {
namespace {

// Serials that were sent although they had the profile and Muster knew, with how often.
std::map<std::string, int> needless(const Outcome& outcome) {
  std::map<std::string, int> counts;
  for (const Call& call : outcome.calls)
    if (!call.by_operator)
      for (const auto& serial : call.needless) ++counts[serial];
  return counts;
}

// Rows that do not tell when a device was assigned to the service. A list that tells it then counts as
// another arrival: a wrong one costs a call, a missed one a device (assign/arrival.cc).
bool hides_dates(const Story& story) {
  return std::any_of(story.faults.begin(), story.faults.end(),
                     [](const Fault& fault) { return fault.answer.change.key == "device_assigned_date"; });
}

int count(const std::map<std::string, int>& counts, const std::string& serial) {
  const auto found = counts.find(serial);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

Complaint no_unrequested_call(const Story& story, const Outcome& outcome, const Outcome& twin) {
  auto excuses = excused(outcome, twin);
  excuses.merge(brief_devices(story));
  for (const auto& [serial, profile] : outcome.assigned)
    if (!excuses.contains(serial) && !twin.assigned.contains({serial, profile}))
      return serial + " was sent for " + profile + ", and is not without the fault";
  for (const auto& [serial, times] : outcome.left)
    if (!excuses.contains(serial) && times > count(twin.left, serial))
      return serial + " was held to have left " + std::to_string(times) + " times; without the fault " +
             std::to_string(count(twin.left, serial));
  for (const auto& [serial, times] : outcome.arrived)
    if (!hides_dates(story) && !excuses.contains(serial) && times > count(twin.arrived, serial))
      return serial + " was held to have arrived " + std::to_string(times) + " times; without the fault " +
             std::to_string(count(twin.arrived, serial));
  const auto in_twin = needless(twin);
  for (const auto& [serial, times] : needless(outcome))
    if (!excuses.contains(serial) && times > count(in_twin, serial))
      return serial + " was sent again although Muster knew that it had the profile";
  return std::nullopt;
}

}  // namespace muster::explore
