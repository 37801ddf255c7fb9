// Draws the faults of a story: endpoint, answer, frequency, time.
#pragma once

#include "tests/explore/story/grammar.h"

namespace muster::explore {

/// One fault for a story that has its plot, sometimes two, and before them the one that its moment needs.
void draw_faults(Dice& dice, Story& story);

/// Any fault that the grammar knows, for that call.
Answer draw_answer(Dice& dice, const std::string& call, const Serials& serials);

}  // namespace muster::explore
