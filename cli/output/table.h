// Columns of text, set as Go's text/tabwriter sets them: two spaces after the widest cell, the last cell as
// it is.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

/// Columns that a monospaced terminal needs for `text`, counted as tabwriter does: one for each code point.
size_t width_of(std::string_view text);

class Table {
 public:
  /// Prints to `out`, which must outlive the table. The header is the first row, and is printed even when it
  /// is the only one.
  Table(std::ostream& out, std::vector<std::string> header);

  /// Keeps the row until flush(). It has as many cells as the header.
  void add(std::vector<std::string> row);

  /// From now on the cells of that column are coloured by what they say (output/colour.h).
  void colour(size_t column) { coloured_ = column; }

  /// Prints the rows kept. Columns never get narrower from one flush to the next, so that a list that is
  /// printed page by page stays in line unless a later page needs more.
  void flush();

 private:
  std::ostream& out_;
  std::vector<size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
  std::optional<size_t> coloured_;
};

}  // namespace muster::cli
