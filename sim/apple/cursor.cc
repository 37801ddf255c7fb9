#include "sim/apple/cursor.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr size_t kLongestCursor = 1000;  // characters, as documented

bool read_number(std::string_view text, long long& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

}  // namespace

std::string Cursor::text() const {
  return to_base64(fmt::format("{}:{}:{}:{}:{}:{}", limit, offset, last_operation_ms, request_ms,
                               fetch_complete, last_operation_ms),
                   Padding::without);
}

std::optional<Cursor> Cursor::parse(std::string_view text) {
  if (text.size() > kLongestCursor) return std::nullopt;
  const auto decoded = from_base64(text);
  if (!decoded) return std::nullopt;
  std::vector<std::string_view> fields;
  std::string_view rest = *decoded;
  for (size_t colon; (colon = rest.find(':')) != std::string_view::npos; rest.remove_prefix(colon + 1))
    fields.push_back(rest.substr(0, colon));
  fields.push_back(rest);
  if (fields.size() != 6 || fields[2] != fields[5] || (fields[4] != "true" && fields[4] != "false"))
    return std::nullopt;
  Cursor cursor;
  cursor.fetch_complete = fields[4] == "true";
  if (!read_number(fields[0], cursor.limit) || !read_number(fields[1], cursor.offset) ||
      !read_number(fields[2], cursor.last_operation_ms) || !read_number(fields[3], cursor.request_ms))
    return std::nullopt;
  return cursor;
}

}  // namespace muster::sim
