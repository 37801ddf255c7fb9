#include "base/text/json_text.h"

#include <algorithm>
#include <boost/json.hpp>

namespace muster {
namespace {

constexpr size_t kMaxDepth = 32;

}  // namespace

TextPlace place_in(std::string_view text, size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const size_t line_break = before.rfind('\n');
  const auto line = before.substr(line_break == std::string_view::npos ? 0 : line_break + 1);
  // Each byte that does not continue a UTF-8 sequence begins a character.
  const auto characters = std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return {.line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<size_t>(characters) + 1};
}

tl::expected<boost::json::value, JsonFault> read_json(std::string_view text) {
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
  const char* what = text.empty()                              ? "it is empty"
                     : error == boost::json::error::incomplete ? "it is incomplete"
                     : error == boost::json::error::extra_data ? "there is text after the document"
                     : error == boost::json::error::too_deep   ? "it is nested too deeply"
                                                               : "this is not JSON";
  return tl::unexpected(JsonFault{at, what});
}

}  // namespace muster
