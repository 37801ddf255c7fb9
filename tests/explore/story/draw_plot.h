// Draws the events of a story.
#pragma once

#include "tests/explore/story/grammar.h"

namespace muster::explore {

/// When the first fault comes, in every story but those that begin with it.
inline constexpr Millis kFaultBegins = std::chrono::hours(3);

/// The moment and the plot; no faults.
Story draw_plot(Dice& dice);

}  // namespace muster::explore
