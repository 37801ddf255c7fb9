// Whether a device is one of those that a filter means. Pure.
#pragma once

#include "filter/filter.h"
#include "filter/subject.h"

namespace muster::assign {

bool matches(const FilterExpression& expression, const Subject& subject);

}  // namespace muster::assign
