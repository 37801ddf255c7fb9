// Applies or previews configuration changes: everything that can make rules cover other devices or give other
// profiles.
//
// A preview applies the change and makes a plan on a view that nobody else sees (Store::try_out), so that it
// shows exactly what would happen, and keeps nothing from being stored meanwhile. An applied change that
// affects existing devices starts a backfill (backfill.h).
#pragma once

#include <functional>
#include <limits>
#include <optional>

#include "sync/rules/plan.h"

namespace muster::sync {

struct RuleChange {
  AccountId account{};
  std::function<Result<>(Writer&)> apply{};  ///< the change
  bool preview = false;                      ///< plan only
  /// Reject the change if more devices would be reassigned.
  long long max_changes = std::numeric_limits<long long>::max();
  /// Reject the change unless the configuration has this revision (config_revision.h).
  std::optional<long long> revision{};
  PlanQuery query = {};  ///< what the plan lists
  Time now{};
  size_t rule_limit = Rule::kUsualLimit;  ///< maximum number of rules
};

struct RuleChangeOutcome {
  Plan plan;
  bool applied = false;    ///< false for a preview, or if max_changes was exceeded
  long long revision = 0;  ///< of the configuration, after the change if it was applied
};

/// Code::conflict if the configuration has another revision than required. The plan reflects the moment
/// before anything is sent. If the change was applied, the caller wakes the account's lanes.
Result<RuleChangeOutcome> change_rules(Store& store, const RuleChange& change);

}  // namespace muster::sync
