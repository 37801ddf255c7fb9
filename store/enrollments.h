// What MDM servers tell of devices (model/mdm/enrollment.h).
//
// Each row has the account where its device is, and the store sees to it: a device that is inserted, or is no
// tombstone any more, takes its row along; one that becomes a tombstone leaves it behind, with account 0; one
// that is erased takes it away.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "filter/filter.h"
#include "model/mdm/enrollment.h"

namespace muster {

/// Rows of serial numbers that no account has: so many are kept, those that were seen last.
inline constexpr long long kMostStrangers = 10'000;

/// When a rule has given devices their profile: by Apple's time, or where it says none, when the rule
/// decided.
struct GivenBetween {
  RuleId rule{};
  std::optional<Time> after{};
  Time until{};
};

class EnrollmentReads {
 public:
  virtual ~EnrollmentReads() = default;

  /// Of these serial numbers, in no order; those of which nothing was told are left out.
  virtual Result<std::vector<Enrollment>> enrollments(std::span<const Serial> serials) = 0;
  /// The same by serial number, of devices that are in the account.
  Result<std::map<Serial, Enrollment>> enrollments_in(AccountId account, std::span<const Serial> serials);
  /// Of these UDIDs, likewise. Two devices may have had the same one.
  virtual Result<std::vector<Enrollment>> enrollments_of_udids(std::span<const std::string> udids) = 0;
  /// The devices of any account with these serial numbers, without tombstones, in no order.
  virtual Result<std::vector<Device>> devices_anywhere(std::span<const Serial> serials) = 0;
  /// Devices that Apple shows with the profile that one of these rules gave them, within its time, and that
  /// neither are enrolled nor have been since: up to `limit` in order of serial, from behind `after`, without
  /// tombstones; only those that the filter covers, if there is one. Looks at all devices of the account.
  virtual Result<std::vector<Device>> not_enrolled_page(AccountId account,
                                                        std::span<const GivenBetween> rules,
                                                        const Serial& after, size_t limit,
                                                        const FilterExpression* filter = nullptr) = 0;
  /// How many they are, by rule. Likewise.
  virtual Result<std::map<RuleId, long long>> not_enrolled(AccountId account,
                                                           std::span<const GivenBetween> rules) = 0;
  /// Nothing before the first look, and when nothing can be late.
  virtual Result<std::optional<LateLook>> late_look(AccountId account) = 0;
  /// How many devices of the account are enrolled, by the rule whose profile they enrolled with, in order of
  /// its id; without those of no device. Nothing is counted.
  virtual Result<std::vector<EnrolledOfRule>> enrolled_by_rule(AccountId account) = 0;
};

class EnrollmentWrites {
 public:
  virtual ~EnrollmentWrites() = default;

  /// Stores new ones, or in place of those of the same serial numbers, each of which is there once. In a
  /// write of the installation.
  virtual Result<> put_enrollments(std::span<const Enrollment> enrollments) = 0;
  /// Nothing takes it away.
  virtual Result<> put_late_look(AccountId account, const std::optional<LateLook>& look) = 0;
  /// The secret, too: no message is taken any more. False when there was none.
  virtual Result<bool> remove_enrollment_webhook() = 0;
};

}  // namespace muster
