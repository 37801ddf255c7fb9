// Runs the command lines of a golden file.
#pragma once

#include <vector>

#include "tests/golden/golden_file.h"

namespace muster::golden {

/// The sections again, with the results that mdmctl gives now in the place of the old ones. Works in a
/// temporary directory of its own.
std::vector<Section> run(const std::vector<Section>& sections);

}  // namespace muster::golden
