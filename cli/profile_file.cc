#include "cli/profile_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <string_view>

#include "http/json.h"

namespace muster::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr const char* kForm = "`mdmctl apply dep-profiles -template` shows a profile's form";
constexpr const char* kUsualCauses =
    "Often a comma is too many or missing there, or a quote is not a plain \"";

const char* kind_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::array: return "an array";
    case boost::json::kind::string: return "a string";
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "true or false";
    default: return "a number";
  }
}

}  // namespace

Result<std::string> check_profile(const std::string& name, std::string text) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  const auto document = http::parse_json(text);
  if (!document) {
    Error error = document.error().while_doing(name);
    const bool place_is_known = error.message.ends_with("this is not JSON");
    error.hint = place_is_known ? fmt::format("{}; {}", kUsualCauses, kForm) : kForm;
    return failure(std::move(error));
  }
  if (!document->is_object()) {
    const size_t at = text.find_first_not_of(" \t\r\n");
    const auto line = std::count(text.begin(), text.begin() + static_cast<long>(at), '\n') + 1;
    const size_t line_start =
        at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0: no line break before
    return failure(Code::invalid,
                   fmt::format("{}: line {}, column {}: this is {}, but a profile is an object in {{ }}",
                               name, line, at - line_start + 1, kind_of(*document)),
                   kForm);
  }
  return text;
}

}  // namespace muster::cli
