// Derives assignments from the desired and reported profiles of a device.
#pragma once

#include "assign/rules.h"
#include "model/assignment.h"
#include "sync/work/updates.h"

namespace muster::sync {

/// Resolution of Apple's dates.
inline constexpr Millis kSecondOfApple = std::chrono::seconds(1);

/// Takes over what Apple says of an existing device, in a row dated `op_date`, or in a list or an answer
/// without a date. One that lacks the date of its assignment to the service does not undo it: the next row
/// that has it would look like an arrival. One that shows a newer assignment leaves the arrival due
/// (model/device.h), until it has arrived.
void observe(Device& device, DeviceFacts&& facts, std::optional<Time> op_date);
/// The same of Apple's answer to a question. It is no row of a list: an assignment to the service that it
/// shows is still to be told by one.
void observe_answer(Device& device, DeviceFacts facts);

/// Creates an assignment of the desired profile, due at `now`. The device must have its ID.
Assignment work_for(const Device& device, Assignment::State state, Assignment::Urgency urgency, Time now);

/// Makes the assignment row fit the device: work when a profile is desired that Apple does not report, none
/// otherwise. A row that is in progress for the same profile is left alone. The device must have its id.
Result<> settle_assignment(DeviceUpdates& updates, const Device& device, Assignment::Urgency urgency,
                           Time now);

/// The same after Apple has reported a device that did not arrive: one that lost its desired profile (drift)
/// becomes an assignment in state `looking`, because the report may be older than what Apple did for us; a
/// contested one is left alone.
Result<> settle_observed(DeviceUpdates& updates, const Device& device, Time now);

/// Whether an assignment that was read earlier is the device's still. It may have been replaced or removed
/// meanwhile: an operator who assigns, or a device that leaves, must not be overruled by an answer that was
/// in progress.
Result<bool> is_current(DeviceUpdates& updates, const Assignment& assignment);

/// The device left: removes its assignment and records the reason. Clears the desired profile, unless the
/// device was only absent and may return. The device must have its ID, and live until write().
void bury(DeviceUpdates& updates, Device& device, Tombstone::Reason reason, Time now);

/// An operator takes the device out at `now`: Apple's rows about the time before are no news.
void ignore_rows_before(Device& device, const Account& account, Time now);

/// Whether this happened to the device three times in the last 24 hours: the limit for repairs (design
/// section 4).
Result<bool> happens_too_often(DeviceUpdates& updates, const Device& device, HistoryEntry::Kind kind,
                               Time now);

/// Why a device that a rule has decided about is to have its profile, for its history: which rule won, in
/// which version, and which others cover it, too.
std::string reason_of(const assign::Rules& rules, const assign::Subject& subject);

/// Why no rule has decided about a device that arrived, for its history; "" when none covers it.
std::string reason_for_none(const assign::Rules& rules, const assign::Subject& subject);

}  // namespace muster::sync
