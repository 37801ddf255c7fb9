// A rule, which gives devices a profile. MicroMDM's "auto-assigner".
#pragma once

#include <map>
#include <string>

#include "base/time/clock.h"
#include "model/apple_word.h"
#include "model/ids.h"

namespace muster {

struct Rule {
  /// Which of the devices that the filter covers. Stored as numbers: never renumber, only append.
  enum class Scope {
    arrivals = 0,    ///< `new`: those that arrive
    unassigned = 1,  ///< also those that are there and have no profile
    all = 2,         ///< also those that are there and have another profile
  };

  /// The order of trying: lower first, and of two alike the older one.
  static constexpr int kUsualPriority = 100;
  /// A bare `*` comes after all others, unless an operator gave it a priority.
  static constexpr int kLastPriority = 1'000'000;

  /// How many an account may have: what is planned and counted takes time for each of them and each device. A
  /// server may be told to allow more, up to the second number.
  static constexpr size_t kUsualLimit = 1000, kHighestLimit = 10'000;

  RuleId id{};
  AccountId account{};
  std::string name{};    ///< an operator's, unique within the account; "" when they gave none
  std::string filter{};  ///< unique within the account; `*` is every device
  int priority = kUsualPriority;
  Scope scope = Scope::arrivals;
  ProfileUuid profile{};  ///< empty: no profile, on purpose
  std::string
      profile_name{};  ///< it follows the current version of the profile of that name; "" for a fixed UUID
  int version = 1;     ///< counts the changes of what is above
  Time created_at{};
  Time updated_at{};
  /// How long a device may take to enroll once Apple has it with the rule's profile, or it is late
  /// (docs/enrollments.md); 0 for no limit.
  Millis enroll_within{};
  static constexpr Millis kShortestEnrollWithin = std::chrono::hours(1);
  static constexpr Millis kLongestEnrollWithin = std::chrono::days(400);
  std::string broken{};  ///< why it cannot work now, e.g. Apple does not know its profile; "" when it can

  /// Why its filter cannot be read, and then it decides about no device; "" when it can. Not stored:
  /// assign::Rules fills it.
  std::string filter_error{};

  friend bool operator==(const Rule&, const Rule&) = default;
};

/// How many of an account's devices a rule gave their profile, by what Apple says of it. Tombstones count
/// nowhere.
struct DevicesOfRule {
  RuleId rule{};  ///< nobody's: those to which no rule gave one
  std::string
      title;  ///< the rule's name, or its filter when it has none; "" for nobody's, and for a rule that is
              ///< gone
  std::map<ProfileStatus, long long> by_status;

  friend bool operator==(const DevicesOfRule&, const DevicesOfRule&) = default;
};

/// How users see it: its name, else `filter 'EXPR'`.
inline std::string title_of(const Rule& rule) {
  return rule.name.empty() ? "filter '" + rule.filter + "'" : "'" + rule.name + "'";
}

/// What a device's history says when the rule decides: `'lab' version 2 -> UUID`.
inline std::string decision_text(const Rule& rule) {
  return title_of(rule) + (rule.version > 1 ? " version " + std::to_string(rule.version) : "") + " -> " +
         (rule.profile.empty() ? "no profile" : rule.profile.str());
}

}  // namespace muster
