// Which devices a rule covers, as a plain value: what assign/ reads from text and asks of one device, and
// what the store asks of all of them. What each part means is in docs/filters.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time/clock.h"

namespace muster {

enum class FilterField {
  serial,
  model,
  description,
  color,
  asset_tag,
  family,
  os,
  assigned_by,
  assigned_at,
  status,
  profile,
  account,
  migrating,
  replacement,
  enrolled,
  enrolled_at,
  last_seen,
  note_name,
  note_owner,
  note_group,
  note_asset_tag,
};

/// What a field holds, and so what it is compared with.
enum class FilterType { text, time, flag };

enum class FilterOperator { equal, unequal, like, unlike, less, at_most, greater, at_least };

/// By the field's type: text, a time, a flag.
using FilterValue = std::variant<std::string, Time, bool>;

struct FilterExpression {
  enum class Kind {
    every,     ///< `*`; never a part of another
    compare,   ///< field op values[0]; a flag alone is `= true`
    one_of,    ///< field in (values): one or more
    in_list,   ///< serial in @list
    negation,  ///< not parts[0]
    all_of,    ///< parts joined by `and`: two or more
    any_of,    ///< parts joined by `or`: two or more
  };
  Kind kind = Kind::every;
  FilterField field{};
  FilterOperator op{};
  std::vector<FilterValue> values{};
  std::string list{};
  std::vector<FilterExpression> parts{};

  friend bool operator==(const FilterExpression&, const FilterExpression&) = default;
};

/// A field as people write it: `note.group`.
std::string_view word(FilterField field);
/// `=`, `!~`, ...
std::string_view word(FilterOperator op);
FilterType type_of(FilterField field);
bool is_note(FilterField field);
/// Whether an MDM server told it (model/mdm/enrollment.h).
bool is_of_enrollment(FilterField field);
/// Every field, in the order in which they are shown to people.
std::span<const FilterField> filter_fields();
std::span<const FilterOperator> filter_operators();

}  // namespace muster
