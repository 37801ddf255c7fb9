// What happened on each day, counted, for charts. Who changes something adds to the count in the same
// transaction.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct DayCounts {
  long long arrived = 0;       ///< devices
  long long assigned = 0;      ///< devices of which Apple reported the profile that they were to have
  long long calls = 0;         ///< to Apple
  long long failed_calls = 0;  ///< of these: answered with an error, or not at all
  Millis paused{};             ///< for which Apple asked with Retry-After

  friend bool operator==(const DayCounts&, const DayCounts&) = default;
};

struct CountsOfDay {
  Time day;  ///< its beginning, UTC
  DayCounts counts;

  friend bool operator==(const CountsOfDay&, const CountsOfDay&) = default;
};

inline Time beginning_of_day(Time time) { return std::chrono::floor<std::chrono::days>(time); }

/// Of each account so many days are kept, back from the newest one.
inline constexpr std::chrono::days kDaysCounted{400};

class DayCountReads {
 public:
  virtual ~DayCountReads() = default;

  /// Since the beginning of a day, in order; days on which nothing happened are left out.
  virtual Result<std::vector<CountsOfDay>> day_counts(AccountId account, Time since) = 0;
};

class DayCountWrites {
 public:
  virtual ~DayCountWrites() = default;

  /// Adds to the account's counts of the day in which `time` is. The first of a day removes what is older
  /// than kDaysCounted.
  virtual Result<> add_to_day(AccountId account, Time time, const DayCounts& counts) = 0;
};

}  // namespace muster
