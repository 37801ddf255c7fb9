// A filter as an SQL condition.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "filter/filter.h"
#include "model/ids.h"
#include "store/enrollments.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

struct Condition {
  std::string sql;                      ///< over `device d`; every value is a `?`, in the order of `values`
  std::vector<Database::Value> values;  ///< may be added to, for what stands behind the condition
};

/// The devices of the account that the filter covers, without tombstones: exactly those that
/// assign::Filter::matches. The condition is true or false for every row, never NULL.
Condition condition_for(const FilterExpression& expression, AccountId account);

/// The same filter, but for account and tombstones, in two parts that must both hold: what the tables of
/// serials tell (by `number` and `sort`), so that it can be tried before a device's row is looked up, and the
/// rest.
struct SplitCondition {
  Condition of_index, of_device;
};
SplitCondition split_condition(const FilterExpression& expression, AccountId account);

/// How many devices the filter covers, when it asks only what is counted: their kinds, or their profiles.
/// Else nothing.
Result<std::optional<long long>> counted(Database& database, AccountId account,
                                         const FilterExpression& expression);
/// The most that it can cover, by what of it must hold and is counted; nothing when nothing is.
Result<std::optional<long long>> counted_at_most(Database& database, AccountId account,
                                                 const FilterExpression& expression);

/// Whether a device's kind alone tells whether the filter covers it.
bool asks_kinds_only(const FilterExpression& expression);
/// Adds whether such a filter covers the devices of `kind k`. Null, for a filter that cannot be read, covers
/// every device.
void add_covers_kind(Condition& condition, const FilterExpression* expression, AccountId account);

/// To jump to a device and to the next one costs so many times what a step does along all devices as they are
/// stored: 3 s against 0.2 s for a million, and less when they are few.
inline constexpr std::int64_t kStepsAJump = 8;

/// Where the account's devices are, as `FROM device d` and what belongs to it: all that are stored, or, where
/// the account has few of these, those that the index of serials tells. The condition says of which account
/// they are all the same.
inline constexpr std::string_view kAllDevices = "device d NOT INDEXED";
Result<std::string> from_devices_of(Database& database, AccountId account);

/// Adds only whether the filter covers `d`, for a statement over the account's devices. Null, for a filter
/// that cannot be read, covers every device.
void add_covers(Condition& condition, const FilterExpression* expression, AccountId account);

/// The devices of the account of which EnrollmentReads::not_enrolled_page() tells.
Condition not_enrolled_condition(AccountId account, std::span<const GivenBetween> rules,
                                 const FilterExpression* filter);

}  // namespace muster::sqlite
