#include "cli/output/table.h"

#include <algorithm>
#include <cassert>
#include <ostream>

#include "cli/output/colour.h"
#include "cli/output/printable.h"

namespace muster::cli {
namespace {

constexpr size_t kPadding = 2;

std::string one_line(const std::string& cell) {
  std::string text = printable(cell);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

size_t width_of(std::string_view text) {
  // Each byte that does not continue a UTF-8 sequence begins a code point.
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Table::Table(std::ostream& out, std::vector<std::string> header) : out_(out), widths_(header.size(), 0) {
  add(std::move(header));
}

void Table::add(std::vector<std::string> row) {
  assert(row.size() == widths_.size());
  for (size_t i = 0; i < row.size(); ++i) {
    row[i] = one_line(row[i]);
    widths_[i] = std::max(widths_[i], width_of(row[i]));
  }
  rows_.push_back(std::move(row));
}

void Table::flush() {
  std::string line;
  for (const auto& row : rows_) {
    line.clear();
    for (size_t i = 0; i < row.size(); ++i) {
      line += coloured_ == i ? coloured(row[i]) : row[i];
      if (i + 1 < row.size()) line.append(widths_[i] + kPadding - width_of(row[i]), ' ');
    }
    out_ << line << '\n';
  }
  rows_.clear();
}

}  // namespace muster::cli
