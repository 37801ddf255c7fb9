// What a check-in makes of what is known of a device. Messages may come twice, late and in any order: each
// counts by its time.
#pragma once

#include "model/mdm/enrollment.h"
#include "sync/enrollment/check_in.h"

namespace muster::sync {

/// How far `last_seen` may be behind: a device that connects every minute costs a write an hour.
inline constexpr Millis kSeenEvery = std::chrono::hours(1);

enum class EnrollmentChange {
  none,      ///< nothing to store
  seen,      ///< it is there
  began,     ///< it enrols, and its message said nothing more
  enrolled,  ///< rule and profile are of an earlier enrolment
  ended,
};

/// Changes what is known by a check-in of the device. It has the serial number, and the check-in the UDID or,
/// of authenticate, the serial number.
EnrollmentChange follow(Enrollment& enrollment, const CheckIn& check_in);

/// Whether a UDID that two devices have had means the first of them.
bool began_after(const Enrollment& one, const Enrollment& other);

}  // namespace muster::sync
