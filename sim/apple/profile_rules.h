// Apple's rules for enrollment profiles, and the defaults that it adds.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "sim/world/settings.h"

namespace muster::sim {

/// "" when the profile is accepted, else Apple's answer for the first rule it breaks, in the order of the
/// table in profile_rules.cc. A key that is null counts as absent.
std::string check_profile(const boost::json::object& profile, const Settings& settings);

/// The profile as GET /profile answers it: every key as sent, unknown ones too, without `devices` and nulls,
/// the flags that were not sent with their defaults, and `profile_uuid`.
boost::json::object complete_profile(const boost::json::object& profile, const std::string& uuid);

}  // namespace muster::sim
