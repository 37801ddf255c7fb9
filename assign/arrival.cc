#include "assign/arrival.h"

#include <algorithm>

namespace muster::assign {
namespace {

using Operation = DeviceReport::Operation;
using Effect = Verdict::Effect;
using Warning = Verdict::Warning;

enum class Age { older, same, newer };

// Apple's rows of changes can be read for so long (apple-dep-api.md).
constexpr Millis kCursorLife = std::chrono::hours(7 * 24);

// The row tells of the assignment to the service that is known, and that was judged already.
bool tells_of_known_assignment(const DeviceReport& report, const Device& known) {
  if (known.tombstone || known.arrival_due_before) return false;
  return report.facts.assigned_at && report.facts.assigned_at <= known.facts.assigned_at;
}

// A row without a date cannot be ordered; it is taken for news, because a wrong arrival costs one call and a
// missed one costs a device.
Age age_of(const DeviceReport& report, const Device* known) {
  if (!known) return Age::newer;
  const bool is_repeated = report.operation == Operation::added && tells_of_known_assignment(report, *known);
  if (!report.op_date) return is_repeated ? Age::same : Age::newer;
  const auto until = known_until(*known);
  if (!until || *report.op_date > *until) return Age::newer;
  return *report.op_date == *until ? Age::same : Age::older;
}

// The server that had the account before would have given it a profile, had it seen the device.
bool was_not_seen_before(const DeviceReport& report, const ListTime& list) {
  return list.taken_over_since && report.facts.has_no_profile() && report.facts.assigned_at &&
         *report.facts.assigned_at >= *list.taken_over_since;
}

// The row behind which the other server's position stood, of a device that the first list showed before it.
bool was_left_over(const DeviceReport& report, const Device& known, const ListTime& list) {
  if (!list.taken_over_since || known.tombstone || known.arrived_at) return false;
  const auto& assigned = report.facts.assigned_at;
  const bool tells_of_it = report.operation == Operation::added || report.op_date == assigned;
  return tells_of_it && report.facts.has_no_profile() && known.facts.has_no_profile() && assigned &&
         assigned == known.facts.assigned_at && *assigned >= *list.taken_over_since - kCursorLife;
}

// Of a device that is new, or of which no date was known. The first list may be broken off, cut short or
// empty, and so may the next one: what was there before Muster is told by Apple's date, not by which list
// shows it first.
bool has_arrived(const DeviceReport& report, Source source, const ListTime& list) {
  if (was_not_seen_before(report, list)) return true;
  if (!list.arrived_since || !report.facts.assigned_at) return source != Source::baseline;
  return *report.facts.assigned_at >= *list.arrived_since;
}

// Left and came back while nobody looked, or was assigned once more to the same service: Apple dropped its
// profile.
bool was_reassigned(const DeviceReport& report, const Device& known, Source source, const ListTime& list) {
  if (!report.facts.has_no_profile() || !report.facts.assigned_at) return false;
  if (!known.facts.assigned_at) return has_arrived(report, source, list);
  return *report.facts.assigned_at > *known.facts.assigned_at;
}

// The row that tells of the device's assignment to the service, behind one that followed it: that showed a
// profile, say, and so was no arrival. Nothing else will tell of it. What a list showed may be of the very
// second of the row, and is newer.
bool is_late_arrival(const DeviceReport& report, const Device& known) {
  const bool tells_of_it = report.operation == Operation::added ||
                           (report.operation == Operation::modified && report.facts.has_no_profile());
  const auto& assigned = report.facts.assigned_at;
  if (!tells_of_it || known.tombstone || !report.op_date || !assigned) return false;
  if (assigned < known.facts.assigned_at) return false;
  return report.op_date <
         (assigned == known.facts.assigned_at ? known.arrival_due_before : known_until(known));
}

// The row of an assignment to the service, and one of the same second that shows a profile: nobody needs to
// ask which came last, and the answer would not tell of the arrival.
bool comes_before(const DeviceReport& one, const DeviceReport& other) {
  return one.operation == Operation::modified && other.operation == Operation::modified &&
         one.facts.has_no_profile() && !other.facts.has_no_profile() &&
         one.op_date == one.facts.assigned_at && one.facts.assigned_at == other.facts.assigned_at;
}

// An operator took it out: it is shown again when Apple lists it, but it is not new, unless it was assigned
// to the service again since.
bool removed_by_hand(const DeviceReport& report, const Device* known) {
  if (!known || !known->tombstone || !is_by_operator(known->tombstone->reason)) return false;
  return !known->asked_after ||
         report.facts.assigned_at <= known->asked_after;  // an absent one is the smaller
}

// It was missing, and Apple did not know it; but it was not assigned to the service again since: so it was
// there all the time, and is what it was before.
bool never_left(const DeviceReport& report, const Device* known) {
  if (!known || !known->tombstone || !may_return(known->tombstone->reason)) return false;
  return !report.facts.assigned_at || report.facts.assigned_at <= known->facts.assigned_at;
}

// A list is read page by page, while changes continue: what a row of changes told since it began is newer.
bool is_overtaken(const Device* known, const ListTime& list) {
  return known && known->last_op_date && list.began &&
         *known->last_op_date >= std::chrono::floor<std::chrono::seconds>(*list.began);
}

Verdict judge_list_row(const DeviceReport& report, const Device* known, Source source, const ListTime& list) {
  if (is_overtaken(known, list)) return {Effect::nothing};
  if (removed_by_hand(report, known) || never_left(report, known)) return {Effect::observed};
  if (!known) return {has_arrived(report, source, list) ? Effect::arrived : Effect::observed};
  if (source == Source::baseline) return {Effect::observed};
  if (known->tombstone || was_reassigned(report, *known, source, list)) return {Effect::arrived};
  return {Effect::observed};
}

// A tombstone's own last row, delivered once more, does not revive it: but one that was deleted in that very
// second, or that Apple says is there.
bool is_stale(const DeviceReport& report, const Device* known, Age age) {
  if (age != Age::same || !known->tombstone) return false;
  if (is_by_operator(known->tombstone->reason)) return true;
  return known->tombstone->reason != Tombstone::Reason::deleted && !report.confirmed;
}

Verdict judge_added(const DeviceReport& report, const Device* known, Age age) {
  if (!known) return {Effect::arrived};
  if (is_stale(report, known, age)) return {Effect::nothing};
  if (age == Age::newer || known->tombstone) return {Effect::arrived, Warning::readding};
  return {Effect::observed};  // the same row once more
}

Verdict judge_modified(const DeviceReport& report, const Device* known, Age age, const ListTime& list) {
  if (!known)
    return {has_arrived(report, Source::sync, list) ? Effect::arrived : Effect::observed,
            Warning::unknown_update};
  if (is_stale(report, known, age)) return {Effect::nothing};
  if (removed_by_hand(report, known)) return {Effect::observed, Warning::unknown_update};
  if (never_left(report, known)) return {Effect::observed};
  if (known->tombstone) return {Effect::arrived, Warning::unknown_update};
  if (was_reassigned(report, *known, Source::sync, list)) return {Effect::arrived};
  return {Effect::observed};
}

Verdict judge_late(const DeviceReport& report, ArrivalPolicy policy) {
  if (report.operation == Operation::added) return {Effect::arrived_late, Warning::readding};
  return {policy == ArrivalPolicy::by_state ? Effect::arrived_late : Effect::nothing};
}

}  // namespace

std::optional<Time> known_until(const Device& device) {
  return std::max(device.last_op_date, device.facts.assigned_at);  // an absent one is the smaller
}

bool is_answered(const DeviceReport& report, const Device& known) {
  return known.asked_after && report.op_date && !report.confirmed && *report.op_date <= *known.asked_after;
}

bool is_tie(const DeviceReport& report, const Device& known) {
  if (!report.op_date || report.op_date != known_until(known) || is_late_arrival(report, known)) return false;
  if (is_answered(report, known)) return false;
  const bool known_left = known.tombstone && known.last_operation == Operation::deleted;
  if (report.operation == Operation::deleted) return !known_left;
  // A device that only a full list showed has no operation; its `added` row may come once more.
  const bool same_operation =
      known.last_operation == report.operation || known.last_operation == Operation::none;
  return known_left || !same_operation || report.facts != known.facts;
}

bool is_tie(const DeviceReport& one, const DeviceReport& other) {
  return one.op_date && one.op_date == other.op_date &&
         (one.operation != other.operation || one.facts != other.facts) && !comes_before(one, other) &&
         !comes_before(other, one);
}

Verdict judge(const DeviceReport& report, const Device* known, Source source, ArrivalPolicy policy,
              const ListTime& list) {
  if (source != Source::sync || report.operation == Operation::none) {
    Verdict verdict = judge_list_row(report, known, source, list);
    if (policy == ArrivalPolicy::added_only) verdict.effect = Effect::observed;
    return verdict;
  }

  if (known && report.operation != Operation::deleted && was_left_over(report, *known, list))
    return {Effect::arrived};
  const Age age = age_of(report, known);
  if (age != Age::newer && is_late_arrival(report, *known)) return judge_late(report, policy);
  if (age == Age::older || (known && is_answered(report, *known))) return {Effect::nothing};

  switch (report.operation) {
    case Operation::added: return judge_added(report, known, age);
    case Operation::deleted:
      if (known && known->tombstone && age == Age::same) return {Effect::nothing};  // the same row once more
      return {Effect::left, Warning::unassigned};
    default: {
      Verdict verdict = judge_modified(report, known, age, list);
      if (policy == ArrivalPolicy::added_only) verdict.effect = Effect::observed;
      return verdict;
    }
  }
}

}  // namespace muster::assign
