#include "tests/support/markdown.h"

#include <sstream>

#include "base/text/strings.h"

namespace muster::test {
namespace {

std::string plain(std::string_view cell) {
  std::string text(trim(cell));
  if (text.size() < 2 || text[0] != '`') return text;
  const size_t end = text.find('`', 1);
  return end == std::string::npos ? text : text.substr(1, end - 1) + text.substr(end + 1);
}

}  // namespace

std::vector<std::vector<std::string>> table_under(const std::string& markdown, const std::string& section) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(markdown);
  bool inside = false;
  int seen = 0;  // lines of the table: header, separator, rows
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) inside = line == "## " + section;
    if (!inside) continue;
    if (!line.starts_with("|")) {
      if (seen > 0) break;
      continue;
    }
    if (++seen <= 2) continue;
    std::vector<std::string> cells;
    std::istringstream rest(line.substr(1));
    for (std::string cell; std::getline(rest, cell, '|');) cells.push_back(plain(cell));
    rows.push_back(std::move(cells));
  }
  return rows;
}

}  // namespace muster::test
