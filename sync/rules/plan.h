// The plan: what the current rules would change among existing devices. It previews a backfill (backfill.h)
// with the same decision function.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "assign/decide.h"
#include "assign/rules.h"
#include "store/store.h"

namespace muster::sync {

/// A device that would get another profile.
struct PlannedChange {
  DeviceId device{};
  Serial serial;
  ProfileUuid from;  ///< desired or reported now; empty for none
  ProfileUuid to;    ///< empty for none
  RuleId rule{};     ///< 0 for an operator's decision
};

/// The number of devices with the same planned change.
struct PlannedGroup {
  ProfileUuid from, to;
  RuleId rule{};
  long long devices = 0;
};

struct Plan {
  long long changes = 0;  ///< devices that would get another profile
  long long adopted =
      0;  ///< devices that already have the profile of the rule; it becomes responsible for them
  std::vector<PlannedGroup> groups;    ///< of the changes, in order of rule and profile
  std::vector<PlannedChange> devices;  ///< as many as requested, in order of ID
  std::optional<DeviceId> next;        ///< start of the next part of `devices`
  std::vector<Rule> rules;             ///< the rules that were used, in order

  friend bool operator==(const Plan&, const Plan&) = default;
};

struct PlanQuery {
  bool totals = true;  ///< if false, only `devices` is filled, at a cost proportional to its length
  size_t devices = 0;  ///< maximum number to list
  DeviceId after{};    ///< list devices after this one
};

/// Makes the plan for the account, from the state that `reader` sees.
Result<Plan> make_plan(Reader& reader, AccountId account, const PlanQuery& query = {});

/// Calls take(device, decision) for each device after `after` that the rules would decide about, in order of
/// ID, until it returns false. Returns the last device visited.
Result<DeviceId> decide_all(
    Reader& reader, AccountId account, const assign::Rules& rules, DeviceId after,
    const std::function<Result<bool>(const Standing&, const assign::Decision&)>& take);

/// Whether the device would get another profile than it has or waits for. Otherwise only the responsible rule
/// changes.
bool is_change(const Standing& standing, const assign::Decision& decision);

}  // namespace muster::sync
