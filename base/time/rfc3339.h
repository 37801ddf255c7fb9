// RFC 3339 dates, as Apple and our own API write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time/clock.h"

namespace muster {

/// Reads `2026-01-17T11:02:21Z`, with or without a fraction (cut to milliseconds), with `Z`, an offset, or no
/// zone at all (taken as UTC: Apple is said to leave it out at times). A plain date is midnight UTC.
/// Empty or unreadable text gives nothing.
std::optional<Time> parse_rfc3339(std::string_view text);

/// `2026-01-17T11:02:21Z`, whole seconds.
std::string format_rfc3339(Time t);
/// `2026-01-17T11:02:21.803Z`.
std::string format_rfc3339_millis(Time t);

}  // namespace muster
