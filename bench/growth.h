// How the cost of what happens every day grows with what is stored: rows 3, 4 and 5 at three sizes, as a
// picture.
#pragma once

#include <string>

#include "bench/rows/row.h"

namespace muster::bench {

/// Measures, and gives the picture as SVG. `options.devices` is the largest of the sizes, each a tenth of the
/// next.
std::string measure_growth(const Options& options);

}  // namespace muster::bench
