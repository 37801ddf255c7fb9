#include "cli/output/ago.h"

#include <fmt/format.h>

#include "base/time/rfc3339.h"

namespace muster::cli {

using namespace std::chrono_literals;

std::string span_of(Millis length) {
  constexpr auto kTwoMinutes = 2min;
  constexpr auto kTwoHours = 2h;
  constexpr auto kTwoDays = 48h;
  if (length < 0s) length = 0s;
  if (length < kTwoMinutes) return fmt::format("{} s", length / 1s);
  if (length < kTwoHours) return fmt::format("{} min", length / 1min);
  if (length < kTwoDays) return fmt::format("{} h", length / 1h);
  return fmt::format("{} days", length / 24h);
}

std::string seen_from(const std::string& now, const std::string& then) {
  const auto here = parse_rfc3339(now);
  const auto there = parse_rfc3339(then);
  if (!there) return {};
  if (!here) return then;
  if (*there > *here) return "in " + span_of(*there - *here);
  if (*here - *there < 1s) return "now";
  return span_of(*here - *there) + " ago";
}

}  // namespace muster::cli
