// A request as Boost.Beast has read it becomes ours. Beast is slow to compile: for .cc files that read requests.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <string>

#include "http/message.h"

namespace muster::http {

/// Bytes of request line and headers.
inline constexpr size_t kHeaderLimit = 16 << 10;

/// All but what parse_target (url.h) reads of the target: path and query stay empty.
Request to_request(boost::beast::http::request<boost::beast::http::string_body>&& message, std::string peer);

}  // namespace muster::http
