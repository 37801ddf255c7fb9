// JSON in and out of messages.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace muster::http {

/// Parses a whole document. The error names line and column (from 1) and what is wrong. Nesting is limited to 32.
Result<boost::json::value> parse_json(std::string_view text);

/// `value` on one line.
std::string to_json(const boost::json::value& value);
/// `value` indented by two spaces, keys in their order, as Go's MarshalIndent and jq write it; no newline at the end.
std::string to_json_indented(const boost::json::value& value);

/// The Content-Type of JSON.
inline constexpr const char* kJson = "application/json; charset=utf-8";

/// An answer with kJson and a newline at the end.
Response json_response(int status, const boost::json::value& value);

}  // namespace muster::http
