// Everything that can make rules cover other devices, or give another profile, is changed here: previewed and made alike.
//
// A preview makes the change, plans, and undoes it in one transaction, so that it cannot say anything else than what then
// happens. What is made stays, and where it concerns devices that are there, the pass over all of them begins
// (backfill.h).
#pragma once

#include <functional>
#include <limits>
#include <optional>

#include "sync/rules/plan.h"

namespace muster::sync {

struct RuleChange {
  AccountId account{};
  std::function<Result<>(Writer&)> make{};  ///< rules, lists, notes, profiles: whatever it is
  bool preview = false;                     ///< plan only
  /// Refuse it when more devices than this would change.
  long long most = std::numeric_limits<long long>::max();
  /// The change is meant for this revision of the account's configuration (config_revision.h).
  std::optional<long long> revision{};
  PlanQuery query = {};  ///< what the plan is to list
  Time now{};
  size_t rule_limit = Assigner::kUsualLimit;  ///< an account with as many rules may have no new one
};

struct RuleChangeOutcome {
  Plan plan;
  bool made = false;       ///< false for a preview, and when `most` refused it
  long long revision = 0;  ///< of the configuration, with the change when it was made
};

/// Code::conflict when the configuration has another revision than the one that the change is meant for. The plan is of the moment before anything is sent. The caller has the account's job run once it is made.
Result<RuleChangeOutcome> change_rules(Store& store, const RuleChange& change);

}  // namespace muster::sync
