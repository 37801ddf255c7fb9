// A story in the language of tests/scenario.
#pragma once

#include <string>

#include "tests/explore/story/outcome.h"
#include "tests/explore/story/story.h"

namespace muster::explore {

/// A scenario that tells it: what happens, what Apple answers, and the end that must be, which is the twin's.
std::string scenario_text(const Story& story, const Outcome& twin);

}  // namespace muster::explore
