// Whether a device is one of those that a filter means. Pure.
#pragma once

#include <string_view>

#include "filter/filter.h"
#include "filter/subject.h"

namespace muster::assign {

bool matches(const FilterExpression& expression, const Subject& subject);

/// A field of texts, as filters compare it; "" for another one.
std::string_view text_of(FilterField field, const Subject& subject);

}  // namespace muster::assign
