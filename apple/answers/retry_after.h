// Times in Apple's headers: `Retry-After` in both forms, and how far our clock is from Apple's.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time/clock.h"
#include "http/message.h"

namespace muster::apple {

/// The longest that one `Retry-After` makes us wait; a longer one is cut to this. Asking once a day hurts
/// nobody, and a wrong date must not park an account for good.
inline constexpr std::chrono::seconds kLongestRetryAfter = std::chrono::hours(24);

/// What the answer asks for. A date counts from the answer's own `Date` (its clock wrote both), else from
/// `now`; one that has passed gives 0. Nothing when the header is missing or unreadable.
std::optional<std::chrono::seconds> retry_after(const http::Headers& headers, Time now);

/// The answer's `Date`, to the second; nothing without a readable one.
std::optional<Time> http_date(const http::Headers& headers);

/// Our clock minus the answer's `Date`: positive when ours is ahead. Whole seconds; nothing without a
/// readable `Date`.
std::optional<std::chrono::seconds> clock_skew(const http::Headers& headers, Time now);

}  // namespace muster::apple
