// The files that administrators bring: lists of serial numbers, and notes on devices. CSV as base/text/csv.h
// reads it, with or without a header line; model/text/serial_column.h finds the serial numbers in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "model/text/serial_column.h"

namespace muster {

struct SerialRows {
  std::vector<Serial>
      serials;  ///< each once, in the file's order; empty when there is a header and nothing below it
  long long repeated = 0;  ///< rows whose serial number an earlier row has
};

/// The serial numbers of a file. `column`: as find_serial_column() takes it; other columns are left out.
/// Code::invalid names the rows that are wrong.
Result<SerialRows> serials_of_csv(std::string_view text, std::string_view column = {},
                                  QuoteRows quote = QuoteRows::yes);

/// What a row says of a device. A column that the file does not have says nothing.
struct NoteRow {
  Serial serial{};
  std::optional<std::string> name{};
  std::optional<std::string> owner{};
  std::optional<std::string> group{};
  std::optional<std::string> asset_tag{};
};

/// Columns by the header, or in the order of NoteRow when there is none. `column`: the serial numbers', as
/// above. Code::invalid names the rows that are wrong; a serial number that comes twice is, and a file
/// without rows.
Result<std::vector<NoteRow>> notes_of_csv(std::string_view text, std::string_view column = {});

}  // namespace muster
