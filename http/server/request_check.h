// What is wrong with the head of a request, so that what follows it cannot be told from its body for sure.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>

#include "http/server/request_parser.h"

namespace muster::http {

/// RFC 9112: one Host in HTTP/1.1; no coding of the body but `chunked`, and not in HTTP/1.0; no length beside
/// it. The connection must be closed behind the answer.
std::optional<RequestFault> fault_of(const boost::beast::http::request_header<>& head);

}  // namespace muster::http
