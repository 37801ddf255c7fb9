// The product's answer to the same question: the histories of many devices at once, through sync::apply_rows
// and a real database, a page of all their rows a step.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/oracle.h"

namespace muster::oracle {

/// For each history what decide() gives for it. All have the same length. Throws when the product gives an
/// error.
std::vector<std::string> decide_by_product(const Rules& rules, Start start,
                                           const std::vector<History>& histories);

}  // namespace muster::oracle
