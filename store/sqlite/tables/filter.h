// A filter as an SQL condition.
#pragma once

#include <string>
#include <vector>

#include "filter/filter.h"
#include "model/ids.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

struct Condition {
  std::string sql;                      ///< over `device d`; every value is a `?`, in the order of `values`
  std::vector<Database::Value> values;  ///< may be added to, for what stands behind the condition
};

/// The devices of the account that the filter covers, without tombstones: exactly those that assign::Filter::matches.
/// The condition is true or false for every row, never NULL.
Condition condition_for(const FilterExpression& expression, AccountId account);

/// Adds what of the filter is about the serial alone and must hold, as conditions with AND behind each, or nothing. `column`
/// is where the serial is, so that it can be tried before the device's row is looked up.
void add_serial_condition(Condition& condition, const FilterExpression& expression, AccountId account,
                          const char* column);

/// Where the account's devices are, as `FROM device d` and what belongs to it: all that are stored, or, where the account has
/// few of these, those that the index of serials tells. The condition says of which account they are all the same.
inline constexpr std::string_view kAllDevices = "device d NOT INDEXED";
Result<std::string> from_devices_of(Database& database, AccountId account);

/// Adds only whether the filter covers `d`, for a statement over the account's devices. Null, for a filter that cannot be
/// read, covers every device.
void add_covers(Condition& condition, const FilterExpression* expression, AccountId account);

}  // namespace muster::sqlite
