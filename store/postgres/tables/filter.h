// A filter as an SQL condition.
#pragma once

#include <span>
#include <string>

#include "filter/filter.h"
#include "model/ids.h"
#include "store/enrollments.h"
#include "store/postgres/engine/value.h"

namespace muster::postgres {

struct Condition {
  std::string sql;  ///< over `device d`; every value is a $n, in the order of `values`
  Values values;

  /// Adds a value; gives its name, `$n`.
  template <class T>
  std::string value(const T& given) {
    add_value(values, given);
    return "$" + std::to_string(values.size());
  }
};

/// The devices of the account that the filter covers, without tombstones: exactly those that
/// assign::Filter::matches. The condition is true or false for every row, never NULL.
Condition condition_for(const FilterExpression& expression, AccountId account);

/// Adds only whether the filter covers `d`, for a statement over the account's devices. Null, for a filter
/// that cannot be read, covers every device.
void add_covers(Condition& condition, const FilterExpression* expression, AccountId account);

/// The devices of the account of which EnrollmentReads::not_enrolled_page() tells.
Condition not_enrolled_condition(AccountId account, std::span<const GivenBetween> rules,
                                 const FilterExpression* filter);

}  // namespace muster::postgres
