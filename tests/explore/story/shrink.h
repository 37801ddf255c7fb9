// Reduces a failing story to the smallest one that fails in the same way.
#pragma once

#include "tests/explore/check/invariant.h"
#include "tests/explore/story/play.h"

namespace muster::explore {

/// Drops events, faults, devices and repetitions one after the other, as long as the same invariant is
/// broken.
Story shrunk(Player& player, Story story, const Finding& finding);

}  // namespace muster::explore
