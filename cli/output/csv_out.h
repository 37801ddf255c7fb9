// Rows for a spreadsheet.
#pragma once

#include <string>
#include <vector>

namespace muster::cli {

/// As csv_record(), of what others wrote: each field is marked as text where a spreadsheet would take it for
/// a formula (mark_as_text() in base/text/csv.h), and is printable().
std::string csv_out(std::vector<std::string> fields);

}  // namespace muster::cli
