// JSON form of a rule.
#pragma once

#include <boost/json/object.hpp>

#include "sync/rules/rules.h"

namespace muster::api::muster_v1 {

boost::json::object to_json(const Rule& rule);

/// Why the rule does not work: `broken`, and `filter_error` when its filter cannot be read.
void put_trouble(boost::json::object& json, const Rule& rule);

/// The members of rule_change(), with spaces between them.
inline constexpr std::string_view kRuleMembers =
    "filter name priority scope profile_uuid profile_name no_profile enroll_within";

/// {"filter", "name", "priority", "scope", "enroll_within" in seconds, and one of "profile_uuid",
/// "profile_name", "no_profile"}.
Result<sync::RuleEdit> rule_change(const boost::json::object& body);

}  // namespace muster::api::muster_v1
