// Devices that are late: a rule gave them their profile, and they did not enroll in the rule's time
// (Rule::enroll_within).
#pragma once

#include <optional>
#include <vector>

#include "model/account.h"
#include "model/rule.h"
#include "store/store.h"

namespace muster::sync {

/// How often Muster looks for devices that have become late: it looks at all of the account, and their times
/// are days.
inline constexpr Millis kLateEvery = std::chrono::hours(1);

/// Which devices of the account are late. None where no MDM server tells Muster what enrolled: there all
/// would be.
Result<std::vector<GivenBetween>> late_devices(Reader& reader, const Account& account, Time now);

/// Since when the device is late; nothing if it is not. `rule`: the one that gave its profile, null for none;
/// `enrollment`: of the device in this account, null for none.
std::optional<Time> late_since(const Account& account, const Device& device, const Rule* rule,
                               const Enrollment* enrollment, Time now);
/// The same, and nothing where no MDM server tells Muster what enrolled.
Result<std::optional<Time>> late_since(Reader& reader, const Account& account, const Device& device,
                                       const Rule* rule, const Enrollment* enrollment, Time now);

/// Adds to the histories of devices that have become late since the last look, unless that was within the
/// hour. Returns how many. The first look tells of none: those that are late already are shown, and are no
/// news.
Result<long long> tell_late(Store& store, const Account& account, Time now);

}  // namespace muster::sync
