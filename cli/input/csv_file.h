// A file of rows that a person named, before it goes to the server.
#pragma once

#include <string>

#include "cli/client/call.h"

namespace muster::cli {

/// The file's text; `-` is standard input. Code::invalid names the first line that is not UTF-8: spreadsheets
/// write other encodings when they are not told. The same for an empty file, unless it may be.
Result<std::string> read_csv_file(const Call& call, const std::string& path, size_t limit,
                                  bool may_be_empty = false);

}  // namespace muster::cli
