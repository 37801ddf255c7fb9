// JSON as text: read with errors that name the place, and written.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster {

/// Parses a whole document. The error names line and column (from 1) and what is wrong. Nesting is limited to
/// 32.
Result<boost::json::value> parse_json(std::string_view text);

/// `value` on one line.
std::string write_json(const boost::json::value& value);
/// `value` indented by two spaces, keys in their order, as Go's MarshalIndent and jq write it; no newline at
/// the end.
std::string write_json_indented(const boost::json::value& value);

/// The text of a member; "" where it is missing or is no text.
std::string text_member(const boost::json::object& object, std::string_view name);

}  // namespace muster
