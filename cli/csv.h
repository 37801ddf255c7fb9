// Comma separated values by RFC 4180.
#pragma once

#include <string>
#include <vector>

namespace muster::cli {

/// One record with its CRLF. A field with a comma, a quote or a line break is quoted, quotes in it doubled.
std::string csv_record(const std::vector<std::string>& fields);

}  // namespace muster::cli
