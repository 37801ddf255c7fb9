// Which column of a file has the serial numbers. Files come from spreadsheets and inventories of many makers,
// in many languages; a wrong guess would put names of models into a list of devices.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text/csv.h"
#include "model/ids.h"

namespace muster {

/// Whether an error may quote the file: not a file that somebody else named, which may be any on this
/// machine.
enum class QuoteRows { yes, no };

/// A list of serial numbers may be one line; a table has a row for each device.
enum class Shape { list, table };

struct SerialTable {
  std::vector<std::string> header;  ///< the cells as they are written; empty when the file has none
  std::vector<CsvRecord> rows;      ///< below the header
  size_t serial_column = 0;
};

/// `column`: the name of the serial numbers' column, or its number from 1; "" where the file must say it
/// itself: by a header that is known (`serial`, `Serial Number`, `SN`, `Seriennummer`, ...), below titles or
/// not; without a header it must be the only column, or the first one and the only one that looks like serial
/// numbers. Code::invalid shows the columns there are and how to name one.
Result<SerialTable> find_serial_column(std::vector<CsvRecord> records, std::string_view column, Shape shape,
                                       QuoteRows quote);

/// The serial number in a cell, without what spreadsheets put around it: quotes, an apostrophe, `="..."`.
/// Nothing when it is none. Stricter than read_serial(): letters, digits and - _ . : only.
std::optional<Serial> serial_in_cell(std::string_view text);

/// Whether a spreadsheet made a number of the cell, like 1.23E+11: the serial number is lost.
bool is_scientific(std::string_view text);

}  // namespace muster
