// What MDM servers tell of devices (model/mdm/enrollment.h).
//
// Each row has the account where its device is, and the store sees to it: a device that is inserted, or is no tombstone any more,
// takes its row along; one that becomes a tombstone leaves it behind, with account 0; one that is erased takes it away.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/mdm/enrollment.h"

namespace muster {

/// Rows of serial numbers that no account has: so many are kept, those that were seen last.
inline constexpr long long kMostStrangers = 10'000;

class EnrollmentReads {
 public:
  virtual ~EnrollmentReads() = default;

  /// Of these serial numbers, in no order; those of which nothing was told are left out.
  virtual Result<std::vector<Enrollment>> enrollments(std::span<const Serial> serials) = 0;
  /// Of these UDIDs, likewise. Two devices may have had the same one.
  virtual Result<std::vector<Enrollment>> enrollments_of_udids(std::span<const std::string> udids) = 0;
  /// The devices of any account with these serial numbers, without tombstones, in no order.
  virtual Result<std::vector<Device>> devices_anywhere(std::span<const Serial> serials) = 0;
  /// How many devices of the account are enrolled, by the rule whose profile they enrolled with, in order of its id; without those of
  /// no device. Nothing is counted.
  virtual Result<std::vector<EnrolledOfRule>> enrolled_by_rule(AccountId account) = 0;
};

class EnrollmentWrites {
 public:
  virtual ~EnrollmentWrites() = default;

  /// Stores new ones, or in place of those of the same serial numbers, each of which is there once. In a write of the installation.
  virtual Result<> put_enrollments(std::span<const Enrollment> enrollments) = 0;
  /// The secret, too: no message is taken any more. False when there was none.
  virtual Result<bool> remove_enrollment_webhook() = 0;
};

}  // namespace muster
