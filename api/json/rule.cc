#include "api/json/rule.h"

#include <boost/json.hpp>

#include "api/body.h"
#include "api/members.h"
#include "assign/rules.h"
#include "model/text/words.h"

namespace muster::api::muster_v1 {
namespace {

Result<std::optional<Rule::Scope>> scope_field(const boost::json::object& body) {
  MUSTER_TRY(const auto text, string_field(body, "scope", false));
  if (text.empty()) return std::nullopt;
  for (const auto scope : {Rule::Scope::arrivals, Rule::Scope::unassigned, Rule::Scope::all})
    if (word(scope) == text) return scope;
  return failure(
      Code::invalid, "unknown scope \"" + text + "\"",
      "Use new (arriving devices), unassigned (also existing devices without a profile) or all (also existing "
      "devices with another profile)");
}

}  // namespace

void put_trouble(boost::json::object& json, const Rule& rule) {
  const std::string filter_error = assign::filter_error_of(rule);
  put(json, "broken", filter_error.empty() ? rule.broken : "invalid filter: " + filter_error);
  put(json, "filter_error", filter_error);
}

boost::json::object to_json(const Rule& rule) {
  boost::json::object json{{"filter", rule.filter},
                           {"priority", rule.priority},
                           {"scope", std::string(word(rule.scope))},
                           {"profile_uuid", rule.profile.str()},
                           {"version", rule.version}};
  put(json, "name", rule.name);
  if (rule.enroll_within > Millis(0))
    json["enroll_within"] = std::chrono::floor<std::chrono::seconds>(rule.enroll_within).count();
  put(json, "profile_name", rule.profile_name);
  if (rule.profile.empty()) json["no_profile"] = true;
  put_trouble(json, rule);
  put(json, "created_at", std::optional(rule.created_at));
  put(json, "updated_at", std::optional(rule.updated_at));
  return json;
}

Result<sync::RuleEdit> rule_change(const boost::json::object& body) {
  sync::RuleEdit change;
  MUSTER_TRY(change.filter, string_field(body, "filter", false));
  MUSTER_TRY(auto name, string_field(body, "name", false));
  if (body.contains("name")) change.name = std::move(name);
  if (change.filter.empty() && change.name.value_or("").empty())
    return failure(Code::invalid, "\"filter\" or \"name\" is required");
  if (body.contains("priority")) {
    MUSTER_TRY(const auto priority, number_field(body, "priority", 0, Rule::kLastPriority));
    change.priority = static_cast<int>(priority);
  }
  MUSTER_TRY(change.scope, scope_field(body));
  if (body.contains("enroll_within")) {
    MUSTER_TRY(const auto within, seconds_field(body, "enroll_within", Rule::kLongestEnrollWithin));
    change.enroll_within = within.value_or(Millis(0));
  }
  MUSTER_TRY(change.profile, profile_uuid_field(body, "profile_uuid"));
  MUSTER_TRY(auto profile_name, string_field(body, "profile_name", false));
  if (!profile_name.empty()) change.profile_name = std::move(profile_name);
  MUSTER_TRY(change.no_profile, flag_field(body, "no_profile"));
  return change;
}

}  // namespace muster::api::muster_v1
