#include "base/text/json.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text/json_text.h"

namespace muster {
namespace {

void write_indented(std::string& out, const boost::json::value& value, size_t depth) {
  const std::string inner((depth + 1) * 2, ' ');
  const std::string outer(depth * 2, ' ');
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += "{\n";
    size_t left = object->size();
    for (const auto& member : *object) {
      out += inner + boost::json::serialize(boost::json::string_view(member.key())) + ": ";
      write_indented(out, member.value(), depth + 1);
      out += --left ? ",\n" : "\n";
    }
    out += outer + "}";
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    out += "[\n";
    size_t left = array->size();
    for (const auto& item : *array) {
      out += inner;
      write_indented(out, item, depth + 1);
      out += --left ? ",\n" : "\n";
    }
    out += outer + "]";
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

Result<boost::json::value> parse_json(std::string_view text) {
  auto value = read_json(text);
  if (value) return *std::move(value);
  const auto [line, column] = place_in(text, value.error().offset);
  return failure(Code::invalid, fmt::format("line {}, column {}: {}", line, column, value.error().what));
}

std::string write_json(const boost::json::value& value) { return boost::json::serialize(value); }

std::string write_json_indented(const boost::json::value& value) {
  std::string out;
  write_indented(out, value, 0);
  return out;
}

std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace muster
