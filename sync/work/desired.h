// What Muster wants for a device becomes an assignment, or ends one. Used wherever a device's state changes.
#pragma once

#include "assign/rules.h"
#include "model/assignment.h"
#include "sync/work/changes.h"

namespace muster::sync {

/// Apple's dates have whole seconds.
inline constexpr Millis kSecondOfApple = std::chrono::seconds(1);

/// Takes over what Apple says of a device that is there, in a row dated `op_date`, or in a list or an answer without a date.
/// One that lacks the date of its assignment to the service does not undo it: the next row that has it would look like an
/// arrival. One that shows a newer assignment leaves the arrival due (model/device.h), until it has arrived.
void observe(Device& device, DeviceFacts facts, std::optional<Time> op_date);
/// The same of Apple's answer to a question. It is no row of a list: an assignment to the service that it shows is still to be
/// told by one.
void observe_answer(Device& device, DeviceFacts facts);

/// New work: the device is to get the profile that it desires, from `now` on. The device must have its id.
Assignment work_for(const Device& device, Assignment::State state, Assignment::Urgency urgency, Time now);

/// Makes the assignment row fit the device: work when a profile is desired that Apple does not report, none
/// otherwise. A row that is under way for the same profile is left alone. The device must have its id.
Result<> settle_assignment(Changes& changes, const Device& device, Assignment::Urgency urgency, Time now);

/// The same after Apple has reported a device that did not arrive: one that lost its desired profile (drift) becomes
/// an assignment in state `looking`, because the report may be older than what Apple did for us; a contested one is
/// left alone.
Result<> settle_observed(Changes& changes, const Device& device, Time now);

/// Whether an assignment that was read earlier is the device's still. It may have been replaced or removed meanwhile: an
/// operator who assigns, or a device that leaves, must not be overruled by an answer that was under way.
Result<bool> is_current(Changes& changes, const Assignment& assignment);

/// The device left: no work for it; the history says why. What was desired for it goes, too, unless it only was absent: then
/// it may come back as it was. The device must have its id, and live until the changes are written.
void bury(Changes& changes, Device& device, Tombstone::Reason reason, Time now);

/// Whether this has happened to the device as often in the last 24 hours as a fight is let go on: three times (design
/// section 4).
Result<bool> happens_too_often(Changes& changes, const Device& device, HistoryEntry::Kind kind, Time now);

/// Why a device that a rule has decided about is to have its profile, for its history: which rule won, in which version,
/// and which others cover it, too.
std::string reason_of(const assign::Rules& rules, const assign::Subject& subject);

/// Why no rule has decided about a device that arrived, for its history; "" when none covers it.
std::string reason_for_none(const assign::Rules& rules, const assign::Subject& subject);

}  // namespace muster::sync
