// Creates, changes and removes rules.
#pragma once

#include <optional>
#include <string>

#include "sync/rules/rule_change.h"

namespace muster::sync {

/// A change to a rule. Members that are left out stay unchanged; in a new rule they have their defaults.
struct RuleEdit {
  std::string filter{};  ///< may be "" if `name` names an existing rule
  std::optional<std::string> name{};
  std::optional<int> priority{};
  std::optional<Rule::Scope> scope{};
  std::optional<Millis> enroll_within{};
  /// The profile that the rule gives: at most one of these three; none to keep the current one.
  std::optional<ProfileUuid> profile{};
  std::optional<std::string> profile_name{};  ///< always its current version
  bool no_profile = false;
  /// Apple could not be asked for `profile` yet: the account's next run asks.
  bool profile_is_unchecked = false;
};

/// Whether the filter, the name, the priority, the time to enroll and the choice of a profile can be as they
/// are. Code::invalid.
Result<> check_rule(Reader& reader, AccountId account, const RuleEdit& change);

/// Creates or changes the rule with this filter or name, and returns the result. Later arrivals are decided
/// by it. Code::invalid for invalid values, Code::not_found for an unknown profile name, Code::conflict if
/// filter and name belong to two rules or the limit of rules is reached.
Result<Rule> put_rule(Writer& writer, AccountId account, const RuleEdit& change, Time now,
                      size_t rule_limit = Rule::kUsualLimit);

/// Removes the rule with this filter, or with this name if `filter` is empty, and returns it. Its devices
/// keep their profiles. Code::not_found if there is none.
Result<Rule> remove_rule(Writer& writer, AccountId account, const std::string& filter,
                         const std::string& name);

/// A changed rule, and the plan for its devices.
struct AppliedRule {
  Rule rule;
  RuleChangeOutcome outcome;
};

/// put_rule() as a preview or for real (rule_change.h). The caller fills all of `how` except apply.
Result<AppliedRule> apply_rule(Store& store, const Account& account, const RuleEdit& wanted, RuleChange how);
/// The same for remove_rule().
Result<AppliedRule> drop_rule(Store& store, const Account& account, const std::string& filter,
                              const std::string& name, RuleChange how);

/// Makes the rules that follow this profile name give this UUID. Returns their number.
Result<int> follow_profile(Writer& writer, AccountId account, const std::string& profile_name,
                           const ProfileUuid& profile, Time now);

}  // namespace muster::sync
