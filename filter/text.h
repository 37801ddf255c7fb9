// A filter written out again.
#pragma once

#include <string>

#include "filter/filter.h"

namespace muster::assign {

/// The text that reads as this expression: one space between words, values quoted where they must be, no
/// parentheses that are not needed.
std::string to_text(const FilterExpression& expression);

/// A value as it stands in a filter: `iPad`, `"iPad Pro"`.
std::string to_text(const FilterValue& value);

}  // namespace muster::assign
