#include "sync/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/log/log.h"
#include "base/text/flags.h"
#include "base/text/json.h"
#include "model/text/rule_check.h"
#include "model/text/words.h"
#include "sync/rules/filters.h"
#include "sync/work/profile_trouble.h"

namespace muster::sync {
namespace {

constexpr const char* kHowToListRules = "`mdmctl get dep-autoassigners -v` lists the rules";

// The rule that is meant, or a new one.
Result<Rule> find_or_make(Writer& writer, AccountId account, const RuleEdit& change, Time now,
                          size_t rule_limit) {
  MUSTER_TRY(const auto present, writer.rules(account));
  const auto by = [&](auto is_it) {
    const auto found = std::find_if(present.begin(), present.end(), is_it);
    return found == present.end() ? nullptr : &*found;
  };
  const Rule* by_filter = by([&](const Rule& a) { return a.filter == change.filter; });
  const Rule* by_name = change.name && !change.name->empty()
                            ? by([&](const Rule& a) { return a.name == *change.name; })
                            : nullptr;
  if (by_filter && by_name && by_filter != by_name)
    return failure(
        Code::conflict,
        "the filter '" + change.filter + "' and the name '" + *change.name + "' belong to different rules",
        "Specify only the filter or only the name, or remove one of the rules first");
  if (by_filter) return *by_filter;
  if (by_name) return *by_name;
  if (change.filter.empty())
    return failure(Code::not_found, "there is no rule with the name '" + change.name.value_or("") + "'",
                   "A new rule needs a filter. " + std::string(kHowToListRules));
  if (present.size() >= rule_limit)
    return failure(
        Code::conflict,
        fmt::format("the account has {} rules; the limit of this server is {}", present.size(), rule_limit),
        fmt::format(
            "Combine rules that give the same profile (with a list of serial numbers: serial in @NAME), remove "
            "rules, or start the server with a larger -rule-limit (at most {})",
            Rule::kHighestLimit));
  return Rule{.account = account,
              .filter = change.filter,
              .priority = usual_priority(change.filter),
              .created_at = now};
}

Result<> set_profile(Reader& reader, Rule& rule, const RuleEdit& change) {
  if (change.no_profile) {
    rule.profile = {};
    rule.profile_name.clear();
  } else if (change.profile) {
    if (change.profile->empty())
      return failure(Code::invalid, "the profile UUID is missing",
                     "Use the UUID that `mdmctl apply dep-profiles` printed");
    rule.profile = *change.profile;
    rule.profile_name.clear();
  } else if (change.profile_name) {
    MUSTER_TRY(const auto profile, reader.current_profile(rule.account, *change.profile_name));
    if (!profile)
      return failure(Code::not_found, "there is no profile with the name '" + *change.profile_name + "'",
                     "`mdmctl get dep-profiles` lists the profiles");
    rule.profile = profile->uuid;
    rule.profile_name = profile->name;
  } else if (rule.id == RuleId{}) {
    return failure(Code::invalid, "a new rule needs one of profile_uuid, profile_name and no_profile");
  }
  return {};
}

// For the audit.
std::string json_of(const Rule& rule) {
  return write_json(boost::json::object{{"filter", rule.filter},
                                        {"name", rule.name},
                                        {"priority", rule.priority},
                                        {"scope", std::string(word(rule.scope))},
                                        {"enroll_within", format_duration(rule.enroll_within)},
                                        {"profile_uuid", rule.profile.str()},
                                        {"profile_name", rule.profile_name}});
}

bool says_the_same(const Rule& one, const Rule& other) {
  return one.name == other.name && one.filter == other.filter && one.priority == other.priority &&
         one.scope == other.scope && one.profile == other.profile && one.profile_name == other.profile_name &&
         one.enroll_within == other.enroll_within;
}

}  // namespace

Result<> check_rule(Reader& reader, AccountId account, const RuleEdit& change) {
  if (!change.filter.empty()) MUSTER_TRY(read_filter(reader, account, change.filter));
  if (change.name) MUSTER_TRY(check_rule_name(*change.name));
  if (change.priority) MUSTER_TRY(check_priority(*change.priority));
  if (change.enroll_within) MUSTER_TRY(check_enroll_within(*change.enroll_within));
  const int given =
      int(change.profile.has_value()) + int(change.profile_name.has_value()) + int(change.no_profile);
  if (given > 1)
    return failure(Code::invalid, "a rule needs exactly one of profile_uuid, profile_name and no_profile");
  return {};
}

Result<Rule> put_rule(Writer& writer, AccountId account, const RuleEdit& change, Time now,
                      size_t rule_limit) {
  MUSTER_TRY(check_rule(writer, account, change));
  MUSTER_TRY(auto rule, find_or_make(writer, account, change, now, rule_limit));
  const Rule before = rule;
  if (!change.filter.empty()) rule.filter = change.filter;
  if (change.name) rule.name = *change.name;
  if (change.priority) rule.priority = *change.priority;
  if (change.scope) rule.scope = *change.scope;
  if (change.enroll_within) rule.enroll_within = *change.enroll_within;
  MUSTER_TRY(set_profile(writer, rule, change));
  if (rule.scope == Rule::Scope::all && rule.profile.empty())
    return failure(Code::invalid,
                   "a rule without a profile cannot have the scope all: rules do not remove profiles",
                   "Use the scope new or unassigned");
  if (rule.enroll_within > Millis(0) && rule.profile.empty())
    return failure(Code::invalid, "a rule without a profile cannot have a time to enroll in",
                   "Leave it out, or give the rule a profile");
  rule.broken.clear();
  if (rule.id != RuleId{} && says_the_same(rule, before) && before.broken.empty()) {
    writer.note_no_change();
    return rule;
  }
  writer.note_change({.action = "rule.saved",
                      .object = rule.filter,
                      .before = rule.id == RuleId{} ? "" : json_of(before),
                      .after = json_of(rule)});
  if (rule.id != RuleId{} && !says_the_same(rule, before)) ++rule.version;
  rule.updated_at = now;
  MUSTER_TRY(writer.put_rule(rule));
  MUSTER_TRY(
      profile_is_known(writer, account, rule.profile));  // as far as the operator can tell: it is tried again
  if (change.profile_is_unchecked) MUSTER_TRY(profile_is_unchecked(writer, account, rule.profile, now));
  return rule;
}

Result<Rule> remove_rule(Writer& writer, AccountId account, const std::string& filter,
                         const std::string& name) {
  MUSTER_TRY(const auto present, writer.rules(account));
  for (const auto& rule : present) {
    if (filter.empty() ? rule.name != name || name.empty() : rule.filter != filter) continue;
    MUSTER_TRY(writer.remove_rule(rule.id));
    writer.note_change({.action = "rule.removed", .object = rule.filter, .before = json_of(rule)});
    return rule;
  }
  return failure(Code::not_found,
                 filter.empty() ? "there is no rule with the name '" + name + "'"
                                : "there is no rule with the filter '" + filter + "'",
                 "`mdmctl get dep-autoassigners` lists the rules");
}

Result<AppliedRule> apply_rule(Store& store, const Account& account, const RuleEdit& wanted, RuleChange how) {
  Rule saved;
  how.account = account.id;
  how.apply = [&](Writer& writer) -> Result<> {
    MUSTER_TRY(saved, put_rule(writer, account.id, wanted, how.now, how.rule_limit));
    return {};
  };
  MUSTER_TRY(auto outcome, change_rules(store, how));
  if (outcome.applied)
    log::info("rule.saved", {{"account", account.name.str()},
                             {"filter", saved.filter},
                             {"scope", word(saved.scope)},
                             {"profile", saved.profile.str()},
                             {"version", saved.version},
                             {"changes", outcome.plan.changes}});
  return AppliedRule{std::move(saved), std::move(outcome)};
}

Result<AppliedRule> drop_rule(Store& store, const Account& account, const std::string& filter,
                              const std::string& name, RuleChange how) {
  Rule removed;
  how.account = account.id;
  how.apply = [&](Writer& writer) -> Result<> {
    MUSTER_TRY(removed, remove_rule(writer, account.id, filter, name));
    return {};
  };
  MUSTER_TRY(auto outcome, change_rules(store, how));
  if (outcome.applied)
    log::info(
        "rule.removed",
        {{"account", account.name.str()}, {"filter", removed.filter}, {"changes", outcome.plan.changes}});
  return AppliedRule{std::move(removed), std::move(outcome)};
}

Result<int> follow_profile(Writer& writer, AccountId account, const std::string& profile_name,
                           const ProfileUuid& profile, Time now) {
  MUSTER_TRY(auto rules, writer.rules(account));
  int followed = 0;
  for (auto& rule : rules) {
    if (profile_name.empty() || rule.profile_name != profile_name || rule.profile == profile) continue;
    rule.profile = profile;
    rule.broken.clear();
    rule.updated_at = now;
    ++rule.version;
    MUSTER_TRY(writer.put_rule(rule));
    ++followed;
  }
  return followed;
}

}  // namespace muster::sync
