// Comma separated values by RFC 4180.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster {

/// One record with its CRLF. A field with a comma, a quote or a line break is quoted, quotes in it doubled.
std::string csv_record(const std::vector<std::string>& fields);

/// A text that a spreadsheet would take for a formula gets an apostrophe in front, by which spreadsheets know
/// a text; so does one that would look as if it had got it.
std::string mark_as_text(std::string text);
/// The text without what mark_as_text() put in front.
std::string_view without_text_mark(std::string_view text);

struct CsvRecord {
  std::vector<std::string> fields;  ///< at least one
  size_t line = 0;                  ///< on which it begins, from 1
};

/// All records. Lines end with CRLF, LF or CR; a byte order mark in front and lines without any text are left
/// out. A first line `sep=;`, which Excel writes and reads, names the separator. Otherwise it is the one of
/// comma, semicolon, tab and bar that most of the first lines have, and of two alike the first of these.
/// Code::invalid names the line of a quote that has no end or is followed by more.
Result<std::vector<CsvRecord>> parse_csv(std::string_view text);

}  // namespace muster
