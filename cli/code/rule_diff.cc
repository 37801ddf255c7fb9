#include "cli/code/rule_diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>
#include <unordered_map>

#include "base/text/flags.h"

namespace muster::cli {
namespace {

using How = ConfigStep::How;

// For each wanted rule the present one that it is, or null.
using Matches = std::vector<const ConfigRule*>;

// By name first; each present rule is one wanted rule at most. No two present ones have one name, or one
// filter.
Matches match_rules(const std::vector<ConfigRule>& wanted, const std::vector<ConfigRule>& present) {
  Matches matches(wanted.size(), nullptr);
  std::set<const ConfigRule*> taken;
  const auto match_by = [&](std::string ConfigRule::*text) {
    std::unordered_map<std::string_view, const ConfigRule*> by_text;
    for (const auto& rule : present)
      if (!(rule.*text).empty()) by_text.emplace(rule.*text, &rule);
    for (size_t i = 0; i < wanted.size(); ++i) {
      const auto found = by_text.find(wanted[i].*text);
      if (!matches[i] && found != by_text.end() && taken.insert(found->second).second)
        matches[i] = found->second;
    }
  };
  match_by(&ConfigRule::name);
  match_by(&ConfigRule::filter);
  return matches;
}

std::string gift_of(const ConfigRule& rule) {
  if (!rule.profile.empty()) return "profile '" + rule.profile + "'";
  return rule.profile_uuid.empty() ? "no profile" : "profile UUID " + rule.profile_uuid;
}

std::vector<std::string> values_of(const ConfigRule& rule) {
  std::vector<std::string> values{gift_of(rule), "scope " + rule.scope,
                                  "priority " + std::to_string(rule.priority)};
  if (rule.enroll_within > Millis(0))
    values.push_back("enroll within " + format_duration(rule.enroll_within));
  if (!rule.name.empty()) values.insert(values.begin(), "filter '" + rule.filter + "'");
  return values;
}

std::vector<std::string> changes_of(const ConfigRule& before, const ConfigRule& after) {
  std::vector<std::string> changes;
  const auto note = [&](const char* what, const std::string& old, const std::string& present) {
    if (old != present) changes.push_back(fmt::format("{}{} -> {}", what, old, present));
  };
  const auto quoted = [](const std::string& text) { return text.empty() ? "none" : "'" + text + "'"; };
  note("name ", quoted(before.name), quoted(after.name));
  note("priority ", std::to_string(before.priority), std::to_string(after.priority));
  note("filter ", quoted(before.filter), quoted(after.filter));
  note("scope ", before.scope, after.scope);
  const auto limit = [](Millis time) { return time == Millis(0) ? "no limit" : format_duration(time); };
  note("enroll within ", limit(before.enroll_within), limit(after.enroll_within));
  note("", gift_of(before), gift_of(after));
  return changes;
}

boost::json::object body_of(const ConfigRule& rule) {
  boost::json::object body{
      {"filter", rule.filter},
      {"name", rule.name},
      {"priority", rule.priority},
      {"scope", rule.scope},
      {"enroll_within", std::chrono::floor<std::chrono::seconds>(rule.enroll_within).count()}};
  if (!rule.profile.empty())
    body["profile_name"] = rule.profile;
  else if (!rule.profile_uuid.empty())
    body["profile_uuid"] = rule.profile_uuid;
  else
    body["no_profile"] = true;
  return body;
}

ConfigStep step_of(const ConfigRule& rule, const ConfigRule* present, const std::vector<std::string>& details,
                   const ListsOfFilters& lists_of) {
  ConfigStep step{.what = ConfigStep::What::rule,
                  .how = present ? How::change : How::add,
                  .title = "rule " + (present ? *present : rule).title(),
                  .detail = fmt::format(": {}", fmt::join(details, ", ")),
                  .change = {"PUT", "/api/v1/rules", body_of(rule)}};
  if (!rule.profile.empty()) step.needs.insert("profile " + rule.profile);
  if (const auto lists = lists_of.find(rule.filter); lists != lists_of.end())
    for (const auto& list : lists->second) step.needs.insert("list " + list);
  return step;
}

// A filter that becomes free comes first, so that another rule can have it; then what is tried first, so that
// no rule behind it takes devices of its meanwhile.
std::vector<size_t> order_of(const std::vector<ConfigRule>& wanted, const Matches& matches) {
  std::vector<size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto rank = [&](size_t i) {
    const bool frees_a_filter = matches[i] && matches[i]->filter != wanted[i].filter;
    return std::pair(!frees_a_filter, wanted[i].priority);
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rank(a) < rank(b); });
  return order;
}

// Whether `first`, which stands before `second` in the file, is tried after it all the same: of two with one
// priority the older one goes first.
bool is_overtaken(const ConfigRule* first, const ConfigRule* second) {
  if (!second) return false;  // both are new, or the second is the younger one
  if (!first) return true;
  return first->priority == second->priority && first > second;  // the present ones stand in their order
}

std::vector<std::string> notes_on(const std::vector<ConfigRule>& wanted, const Matches& matches) {
  std::vector<std::string> notes;
  for (size_t i = 0; i < wanted.size(); ++i)
    for (size_t j = i + 1; j < wanted.size(); ++j) {
      if (wanted[i].priority != wanted[j].priority || !is_overtaken(matches[i], matches[j])) continue;
      notes.push_back(fmt::format(
          "rule {} stands before {} in the file, but is younger, so it is tried after it. Give them "
          "different priorities to change that",
          wanted[i].title(), wanted[j].title()));
      break;
    }
  return notes;
}

}  // namespace

RuleDiff diff_rules(const std::vector<ConfigRule>& wanted, const std::vector<ConfigRule>& present,
                    const ListsOfFilters& lists_of) {
  RuleDiff diff;
  const auto matches = match_rules(wanted, present);
  const std::set<const ConfigRule*> matched(matches.begin(), matches.end());
  for (const size_t i : order_of(wanted, matches)) {
    const auto details = matches[i] ? changes_of(*matches[i], wanted[i]) : values_of(wanted[i]);
    if (!details.empty()) diff.steps.push_back(step_of(wanted[i], matches[i], details, lists_of));
  }
  for (const auto& rule : present)
    if (!matched.contains(&rule))
      diff.removals.push_back({.what = ConfigStep::What::rule,
                               .how = How::remove,
                               .title = "rule " + rule.title(),
                               .change = {"DELETE", "/api/v1/rules", {{"filter", rule.filter}}}});
  diff.notes = notes_on(wanted, matches);
  return diff;
}

}  // namespace muster::cli
