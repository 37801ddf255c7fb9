// JSON as the body of an answer.
#pragma once

#include <boost/json/value.hpp>

#include "http/message.h"

namespace muster::http {

/// The Content-Type of JSON.
inline constexpr const char* kJson = "application/json; charset=utf-8";

/// An answer with kJson and a newline at the end.
Response json_response(int status, const boost::json::value& value);

}  // namespace muster::http
