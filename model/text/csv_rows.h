// The files that people bring: lists of serial numbers, and notes on devices. RFC 4180, with or without a header line;
// serial numbers are read by read_serial() (model/text/ids_text.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/ids.h"

namespace muster {

struct SerialRows {
  std::vector<Serial> serials;  ///< each once, in the file's order
  long long repeated = 0;       ///< rows whose serial stands further up already
};

/// The column `serial` (or `serial_number`), or the first one when there is no header; other columns are left out.
/// Code::invalid names the rows that are wrong, and quotes them unless the file may be any that a third person named.
enum class QuoteRows { yes, no };
Result<SerialRows> serials_of_csv(std::string_view text, QuoteRows quote = QuoteRows::yes);

/// What a row says of a device. A column that the file does not have says nothing.
struct NoteRow {
  Serial serial{};
  std::optional<std::string> name{};
  std::optional<std::string> owner{};
  std::optional<std::string> group{};
  std::optional<std::string> asset_tag{};
};

/// Columns by the header, or in the order of NoteRow when there is none. Code::invalid names the rows that are wrong; a
/// serial that comes twice is.
Result<std::vector<NoteRow>> notes_of_csv(std::string_view text);

}  // namespace muster
