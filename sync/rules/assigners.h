// Rules come, change and go.
#pragma once

#include <optional>
#include <string>

#include "sync/rules/rule_change.h"

namespace muster::sync {

/// What a person wants of a rule. What is left out stays as it is, or has its usual value in a new one.
struct AssignerChange {
  std::string filter{};  ///< "" is allowed where `name` names a rule that exists
  std::optional<std::string> name{};
  std::optional<int> priority{};
  std::optional<Assigner::Scope> scope{};
  /// What it gives: one of these three; none of them where it is to stay.
  std::optional<ProfileUuid> profile{};     
  std::optional<std::string> profile_name{};  ///< its current version, now and later
  bool no_profile = false;
  /// Apple could not be asked for `profile` yet: the account's next run asks.
  bool profile_is_unchecked = false;
};

/// Saves the rule of that filter or that name, and gives it as it is then. Arrivals go by it from then on. Code::invalid
/// for what cannot be, Code::not_found for a profile's name that nobody knows, Code::conflict when filter and
/// name belong to two rules, or the rule is new and there are `rule_limit` already.
Result<Assigner> put_assigner(Writer& writer, AccountId account, const AssignerChange& change, Time now,
                              size_t rule_limit = Assigner::kUsualLimit);

/// By its filter, or by its name where `filter` is empty. Its devices stay as they are. Code::not_found when there is
/// none. Gives what was removed.
Result<Assigner> remove_assigner(Writer& writer, AccountId account, const std::string& filter,
                                 const std::string& name);

/// What became of a rule, and of the devices with it.
struct AppliedAssigner {
  Assigner rule;
  RuleChangeOutcome outcome;
};

/// put_assigner(), previewed or made (rule_change.h). `how` says all but what to make.
Result<AppliedAssigner> apply_assigner(Store& store, const Account& account, const AssignerChange& wanted,
                                       RuleChange how);
/// remove_assigner(), likewise.
Result<AppliedAssigner> drop_assigner(Store& store, const Account& account, const std::string& filter,
                                      const std::string& name, RuleChange how);

/// The rules that follow the profile of that name give this UUID from now on. How many.
Result<int> follow_profile(Writer& writer, AccountId account, const std::string& profile_name,
                           const ProfileUuid& profile, Time now);

}  // namespace muster::sync
