#include "api/muster/rule_json.h"

#include <boost/json.hpp>

#include "api/body.h"
#include "api/members.h"
#include "model/words.h"

namespace muster::api::muster_v1 {
namespace {

template <class T>
std::optional<T> if_given(std::string text) {
  if (text.empty()) return std::nullopt;
  return T(std::move(text));
}

Result<std::optional<Assigner::Scope>> scope_field(const boost::json::object& body) {
  MUSTER_TRY(const auto text, string_field(body, "scope", false));
  if (text.empty()) return std::nullopt;
  for (const auto scope : {Assigner::Scope::arrivals, Assigner::Scope::unassigned, Assigner::Scope::all})
    if (word(scope) == text) return scope;
  return failure(
      Code::invalid, "the scope \"" + text + "\" is not known",
      "Use new (devices that arrive), unassigned (also those without a profile) or all (also those with another "
      "profile)");
}

}  // namespace

boost::json::object to_json(const Assigner& rule) {
  boost::json::object json{{"filter", rule.filter},
                           {"priority", rule.priority},
                           {"scope", std::string(word(rule.scope))},
                           {"profile_uuid", rule.profile.str()},
                           {"version", rule.version}};
  put(json, "name", rule.name);
  put(json, "profile_name", rule.profile_name);
  if (rule.profile.empty()) json["no_profile"] = true;
  put(json, "broken", rule.broken);
  put(json, "created_at", std::optional(rule.created_at));
  put(json, "updated_at", std::optional(rule.updated_at));
  return json;
}

Result<sync::AssignerChange> assigner_change(const boost::json::object& body) {
  sync::AssignerChange change;
  MUSTER_TRY(change.filter, string_field(body, "filter", false));
  MUSTER_TRY(auto name, string_field(body, "name", false));
  if (body.contains("name")) change.name = std::move(name);
  if (change.filter.empty() && change.name.value_or("").empty())
    return failure(Code::invalid, "\"filter\" or \"name\" must say which rule");
  if (body.contains("priority")) {
    MUSTER_TRY(const auto priority, number_field(body, "priority", 0, Assigner::kLastPriority));
    change.priority = static_cast<int>(priority);
  }
  MUSTER_TRY(change.scope, scope_field(body));
  MUSTER_TRY(auto uuid, string_field(body, "profile_uuid", false));
  MUSTER_TRY(auto profile_name, string_field(body, "profile_name", false));
  change.profile = if_given<ProfileUuid>(std::move(uuid));
  change.profile_name = if_given<std::string>(std::move(profile_name));
  MUSTER_TRY(change.no_profile, flag_field(body, "no_profile"));
  return change;
}

}  // namespace muster::api::muster_v1
