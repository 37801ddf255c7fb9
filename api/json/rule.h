// JSON form of a rule.
#pragma once

#include <boost/json/object.hpp>

#include "sync/rules/assigners.h"

namespace muster::api::muster_v1 {

boost::json::object to_json(const Assigner& rule);

/// Why the rule does not work: `broken`, and `filter_error` when its filter cannot be read.
void put_trouble(boost::json::object& json, const Assigner& rule);

/// The members of assigner_change(), with spaces between them.
inline constexpr std::string_view kRuleMembers =
    "filter name priority scope profile_uuid profile_name no_profile";

/// {"filter", "name", "priority", "scope", and one of "profile_uuid", "profile_name", "no_profile"}.
Result<sync::AssignerChange> assigner_change(const boost::json::object& body);

}  // namespace muster::api::muster_v1
