// What is wrong with a filter, and where.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::assign {

/// `column 8 of the filter`, for the byte `at`: from 1, in characters; with the line when the filter has
/// several.
std::string place(std::string_view filter, size_t at);

/// Code::invalid: `column 8 of the filter: WHAT`, and how to remedy it.
tl::unexpected<Error> filter_error(std::string_view filter, size_t at, const std::string& what,
                                   std::string hint = {});

/// Text of the filter as messages show it: in backticks, cut when it is long.
std::string shown(std::string_view text);

}  // namespace muster::assign
