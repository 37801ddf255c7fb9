// Whether headers include what they use of the standard library and of other people's libraries.
//
// The compiler cannot tell in a build whose files are compiled behind precompiled headers
// (cmake/precompiled.cmake).
#pragma once

#include <string>
#include <vector>

#include "tests/layers/source_tree.h"

namespace muster::layers {

/// Names of headers in the tree that neither a header nor what it includes of ours includes, one complaint
/// each.
std::vector<std::string> check_standard_headers(const std::vector<SourceFile>& tree);

}  // namespace muster::layers
