#include "filter/error.h"

#include <algorithm>

#include "base/text/utf8.h"

namespace muster::assign {
namespace {

size_t characters(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i += std::max<size_t>(1, utf8_length(text.substr(i)))) ++count;
  return count;
}

}  // namespace

std::string place(std::string_view filter, size_t at) {
  const std::string_view before = filter.substr(0, at);
  const size_t line_break = before.rfind('\n');
  const size_t line_begin = line_break == std::string_view::npos ? 0 : line_break + 1;
  const std::string column = "column " + std::to_string(characters(before.substr(line_begin)) + 1);
  if (filter.find('\n') == std::string_view::npos) return column + " of the filter";
  return "line " + std::to_string(std::count(before.begin(), before.end(), '\n') + 1) + ", " + column +
         " of the filter";
}

tl::unexpected<Error> filter_error(std::string_view filter, size_t at, const std::string& what,
                                   std::string hint) {
  return failure(Code::invalid, place(filter, at) + ": " + what, std::move(hint));
}

std::string shown(std::string_view text) {
  constexpr size_t kLongest = 40;
  size_t length = 0;
  for (size_t i = 0; i < kLongest && length < text.size(); ++i)
    length += std::max<size_t>(1, utf8_length(text.substr(length)));
  return "`" + std::string(text.substr(0, length)) + (length < text.size() ? "..." : "") + "`";
}

}  // namespace muster::assign
