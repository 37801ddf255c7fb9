// Draws random stories from a seed: all kinds of events, faults and states.
#pragma once

#include "tests/explore/story/story.h"
#include "tests/torture/dice.h"

namespace muster::explore {

using torture::Dice;

/// Stories that share a plot, one behind the other: they share its twin.
inline constexpr long long kStoriesAPlot = 8;

/// The story of that number under that seed: the same wherever and whenever it is drawn.
Story draw_story(std::uint64_t seed, long long number);

}  // namespace muster::explore
