// A value of a filter, read as its field's type asks.
#pragma once

#include <string>

#include "base/result.h"
#include "filter/filter.h"

namespace muster::assign {

struct ValueText {
  std::string text;
  bool quoted = false;
};

/// The value that a field is compared with by `op`. Code::invalid says why it cannot be; the message is
/// without a place.
Result<FilterValue> read_value(FilterField field, FilterOperator op, const ValueText& given);

/// Whether the field's type knows the operator. Code::invalid, without a place, when not.
Result<> check_operator(FilterField field, FilterOperator op);

}  // namespace muster::assign
