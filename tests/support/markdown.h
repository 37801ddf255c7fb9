// Tables of a Markdown document, for tests that compare it with the code.
#pragma once

#include <string>
#include <vector>

namespace muster::test {

/// The rows of the first table under the heading `## section`, without its header. Cells are trimmed; a code
/// span that starts a cell loses its backticks. Empty if there is no such table.
std::vector<std::vector<std::string>> table_under(const std::string& markdown, const std::string& section);

}  // namespace muster::test
