// What the rules, as they are, would change among the devices that are there: the preview of a pass over all of them
// (backfill.h), by the very function that decides there.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "assign/decide.h"
#include "assign/rules.h"
#include "store/store.h"

namespace muster::sync {

/// One device that would change.
struct PlannedChange {
  DeviceId device{};
  Serial serial;
  ProfileUuid from;   ///< what it was to have, or has; empty for none
  ProfileUuid to;     ///< empty for none
  AssignerId rule{};  ///< 0 for a person's wish
};

/// Devices that would change alike.
struct PlannedGroup {
  ProfileUuid from, to;
  AssignerId rule{};
  long long devices = 0;
};

struct Plan {
  long long changes = 0;  ///< devices that would get another profile than they have or wait for
  long long adopted = 0;  ///< devices that have already what a rule gives: it answers for them from then on
  std::vector<PlannedGroup> groups;    ///< of the changes, in order of rule and profile
  std::vector<PlannedChange> devices;  ///< as many as were asked for, in order of id
  std::optional<DeviceId> next;        ///< where the list of devices goes on
  std::vector<Assigner> rules;         ///< those it was made with, in order

  friend bool operator==(const Plan&, const Plan&) = default;
};

struct PlanQuery {
  bool totals = true;  ///< else only the list of devices, which costs no more than its length
  size_t devices = 0;  ///< the most to list
  DeviceId after{};    ///< list from behind this one
};

/// The plan for the account, by the rules and everything else as `reader` sees them.
Result<Plan> make_plan(Reader& reader, AccountId account, const PlanQuery& query = {});

/// Calls take(standing, decision) for every device behind `after` that the rules would decide about, in order of id, until
/// it gives false. Gives the last device looked at.
Result<DeviceId> decide_all(
    Reader& reader, AccountId account, const assign::Rules& rules, DeviceId after,
    const std::function<Result<bool>(const Standing&, const assign::Decision&)>& take);

/// Whether the device would get another profile than it has or waits for; else the rule only answers for it from then on.
bool is_change(const Standing& standing, const assign::Decision& decision);

}  // namespace muster::sync
