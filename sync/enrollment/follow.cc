#include "sync/enrollment/follow.h"

namespace muster::sync {
namespace {

using Change = EnrollmentChange;

bool is_after(Time time, const std::optional<Time>& other) { return !other || time > *other; }

void end(Enrollment& enrollment, Time at) {
  enrollment.ended_at = at;
  enrollment.enrolled_at.reset();
}

// Its earlier enrolment is over: it was erased, or its profile removed.
Change authenticate(Enrollment& enrollment, const CheckIn& check_in) {
  if (!is_after(check_in.at, enrollment.authenticated_at) || !is_after(check_in.at, enrollment.enrolled_at))
    return Change::none;
  const bool was_enrolled = enrollment.enrolled_at.has_value();
  enrollment.authenticated_at = check_in.at;
  enrollment.udid = check_in.udid;
  if (was_enrolled) end(enrollment, check_in.at);
  return was_enrolled ? Change::ended : Change::began;
}

Change token_update(Enrollment& enrollment, const CheckIn& check_in) {
  const bool is_old = check_in.at < enrollment.authenticated_at.value_or(Time{}) ||
                      check_in.at < enrollment.ended_at.value_or(Time{});
  // Where the first one of an enrolment came before its Authenticate, the device counts as enrolled still.
  const bool enrols =
      check_in.is_first ? is_after(check_in.at, enrollment.enrolled_at) : !enrollment.enrolled_at;
  if (is_old || !enrols) return Change::none;
  enrollment.enrolled_at = check_in.at;
  return Change::enrolled;
}

Change check_out(Enrollment& enrollment, const CheckIn& check_in) {
  if (!enrollment.enrolled_at || check_in.at < *enrollment.enrolled_at) return Change::none;
  end(enrollment, check_in.at);
  return Change::ended;
}

Change change(Enrollment& enrollment, const CheckIn& check_in) {
  switch (check_in.kind) {
    case CheckIn::Kind::authenticate: return authenticate(enrollment, check_in);
    case CheckIn::Kind::token_update: return token_update(enrollment, check_in);
    case CheckIn::Kind::check_out: return check_out(enrollment, check_in);
    case CheckIn::Kind::connect: break;
  }
  return Change::none;
}

}  // namespace

EnrollmentChange follow(Enrollment& enrollment, const CheckIn& check_in) {
  const Change changed = change(enrollment, check_in);
  const Millis later = check_in.at - enrollment.last_seen;
  if (later >= (changed == Change::none ? kSeenEvery : Millis(1))) {
    enrollment.last_seen = check_in.at;
    return changed == Change::none ? Change::seen : changed;
  }
  return changed;
}

bool began_after(const Enrollment& one, const Enrollment& other) {
  const auto began = [](const Enrollment& each) { return each.authenticated_at.value_or(each.last_seen); };
  return began(one) > began(other);
}

}  // namespace muster::sync
