#include "http/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace muster::http {
namespace {

constexpr size_t kMaxDepth = 32;

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
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::stream_parser parser({}, options);
  boost::json::error_code error;
  size_t at = parser.write_some(text.data(), text.size(), error);
  if (!error) {
    const auto rest = text.substr(at);
    const size_t extra = rest.find_first_not_of(" \t\r\n");
    if (extra != std::string_view::npos) {
      at += extra;
      error = boost::json::error::extra_data;
    } else {
      parser.finish(error);
    }
  }
  if (!error) return parser.release();

  const auto before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const char* what = text.empty()                              ? "it is empty"
                     : error == boost::json::error::incomplete ? "it ends too early"
                     : error == boost::json::error::extra_data ? "there is more text after the document"
                     : error == boost::json::error::too_deep   ? "it is nested too deeply"
                                                               : "this is not JSON";
  return failure(Code::invalid, fmt::format("line {}, column {}: {}", line, at - line_start + 1, what));
}

std::string to_json(const boost::json::value& value) { return boost::json::serialize(value); }

std::string to_json_indented(const boost::json::value& value) {
  std::string out;
  write_indented(out, value, 0);
  return out;
}

Response json_response(int status, const boost::json::value& value) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = to_json(value) + "\n"};
}

}  // namespace muster::http
