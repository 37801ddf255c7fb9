// What people may give a rule, checked alike wherever they give it.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time/clock.h"

namespace muster {

/// At most 100 bytes, no control characters. "" is no name, and allowed.
Result<> check_rule_name(const std::string& name);

/// From 0 to Rule::kLastPriority.
Result<> check_priority(long long priority);

/// 0, or from an hour to 400 days.
Result<> check_enroll_within(Millis time);

/// For a filter whose rule nobody gave a priority.
int usual_priority(const std::string& filter);

}  // namespace muster
