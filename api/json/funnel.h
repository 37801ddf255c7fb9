// How far devices have come: from Apple's list to their MDM server.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <vector>

#include "model/apple_word.h"
#include "model/mdm/enrollment.h"

namespace muster::api::muster_v1 {

/// `devices`, of them `assigned` (those that took the profile, too), `pushed` and `enrolled`.
boost::json::object funnel_json(const std::map<ProfileStatus, long long>& statuses, long long enrolled);

/// Of all rules, and of those whose profile had not come by one.
long long enrolled_of_all(const std::vector<EnrolledOfRule>& enrolled);
long long enrolled_of(const std::vector<EnrolledOfRule>& enrolled, RuleId rule);

}  // namespace muster::api::muster_v1
