// What people may give a rule, checked alike wherever they give it.
#pragma once

#include <string>

#include "base/result.h"

namespace muster {

/// At most 100 bytes, no control characters. "" is no name, and allowed.
Result<> check_rule_name(const std::string& name);

/// From 0 to Rule::kLastPriority.
Result<> check_priority(long long priority);

/// For a filter whose rule nobody gave a priority.
int usual_priority(const std::string& filter);

}  // namespace muster
