// Times as MicroMDM's mdmctl prints them.
#pragma once

#include <string>
#include <string_view>

namespace muster::cli {

/// `2030-01-01T00:00:00Z` as Go's time.String() has it: `2030-01-01 00:00:00 +0000 UTC`. Always in UTC, whole
/// seconds. No text at all is Go's zero time, `0001-01-01 00:00:00 +0000 UTC`; other text that is no time is
/// given back as it is.
std::string go_time(std::string_view rfc3339);

}  // namespace muster::cli
