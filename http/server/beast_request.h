// A request as Boost.Beast has read it becomes ours. Beast is slow to compile: for .cc files that read requests.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <cstddef>
#include <string>

#include "http/message.h"

namespace muster::http {

/// Bytes of request line and headers.
inline constexpr size_t kHeaderLimit = 16 << 10;

/// All but the body, and what parse_target (url.h) reads of the target: path and query stay empty.
Request to_request(const boost::beast::http::request_header<>& head, std::string peer);

}  // namespace muster::http
