// Reads a filter's text. The grammar is in docs/filters.md.
#pragma once

#include <string_view>

#include "base/result.h"
#include "filter/filter.h"

namespace muster::assign {

constexpr size_t kLongestFilter = 4000;     // bytes
constexpr int kDeepestFilter = 32;          // parentheses and `not` within each other
constexpr size_t kMostFilterValues = 1000;  // of one `in (...)`

/// Code::invalid names the column and what was expected there.
Result<FilterExpression> parse_filter(std::string_view text);

}  // namespace muster::assign
