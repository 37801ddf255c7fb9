// What MDM servers tell of a device: that it enrolled, when, and that it is still there. They name devices by
// serial number and UDID and know nothing of accounts, so this is of a serial number, also of one that no
// account has: a device that enrolled before Apple's service knew it.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/device.h"
#include "model/ids.h"

namespace muster {

/// Times are the MDM server's.
struct Enrollment {
  Serial serial;
  std::string udid = {};                      ///< upper case
  AccountId account{};                        ///< where the device is now; 0 where no account has it
  std::optional<Time> authenticated_at = {};  ///< its last Authenticate: it began to enroll
  std::optional<Time> enrolled_at = {};       ///< when it enrolled; nothing while it is not enrolled
  std::optional<Time> ended_at = {};          ///< when it was not enrolled any more, the last time
  Time last_seen{};                           ///< up to an hour behind
  // Of the last enrolment; the rule is nobody's where the profile had not come by a rule, and where the
  // device has come to another account since. The profile is empty where Apple had not reported one.
  RuleId rule{};
  ProfileUuid profile = {};

  friend bool operator==(const Enrollment&, const Enrollment&) = default;
};

/// How many devices of an account are enrolled that enrolled with the profile of a rule.
struct EnrolledOfRule {
  RuleId rule{};  ///< nobody's: those whose profile had not come by a rule
  std::string
      title;  ///< the rule's name, or its filter when it has none; "" for nobody's, and for a rule that is
              ///< gone
  long long devices = 0;

  friend bool operator==(const EnrolledOfRule&, const EnrolledOfRule&) = default;
};

/// The last look for devices that did not enroll in time (Rule::enroll_within).
struct LateLook {
  Time told_until{};      ///< those that had become late by then have been told of
  long long devices = 0;  ///< how many there were at this moment

  friend bool operator==(const LateLook&, const LateLook&) = default;
};

/// Whether the device enrolled before Apple assigned it to the account: so it took no profile, and takes one
/// only when it is erased.
inline bool enrolled_before_assigned(const Enrollment& enrollment, const Device& device) {
  return enrollment.enrolled_at && device.facts.assigned_at &&
         *enrollment.enrolled_at < *device.facts.assigned_at;
}

}  // namespace muster
