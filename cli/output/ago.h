// How long ago something was, or how long it will be, as people say it.
#pragma once

#include <string>

#include "base/time/clock.h"

namespace muster::cli {

/// One number and its unit: `41 s`, `5 min`, `3 h`, `12 days`; rounded down, never negative.
std::string span_of(Millis length);

/// `5 min ago`, `in 41 s`, or `now`; both times in RFC 3339. "" when `then` is none, `then` itself when `now`
/// is none.
std::string seen_from(const std::string& now, const std::string& then);

}  // namespace muster::cli
