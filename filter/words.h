// The words people use in filters, and what they may have meant by others.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filter/filter.h"

namespace muster::assign {

/// The field of this name, in either case.
std::optional<FilterField> field_named(std::string_view name);
/// Every field, for a message.
std::string list_of_fields();
/// What to do about a word that is no field: the field that was meant, or all there are.
std::string hint_for_field(std::string_view name);

std::optional<FilterOperator> operator_of(std::string_view sign);
/// What to do about signs that are no operator, like == and &&.
std::string hint_for_sign(std::string_view sign);
/// What to do about a word where an operator belongs, like `is`: a guess, with the field.
std::string hint_for_operator(FilterField field, std::string_view found);

/// Apple adds words, so a family, os or status that is not known may be right; one that looks like a slip is
/// not.
struct Slip {
  std::string what;  ///< "there is no family `ipda`"
  std::string hint;
};
std::optional<Slip> slip_in_value(FilterField field, const std::string& value);

}  // namespace muster::assign
