// An answer of ours as Boost.Beast writes it. Beast is slow to compile: for .cc files that write answers.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

#include "http/message.h"

namespace muster::http {

/// All but the body. `version` is 10 or 11, for HTTP/1.0 and 1.1.
template <class Body>
boost::beast::http::response<Body> head_of(const Response& response, unsigned version, bool keep_alive) {
  boost::beast::http::response<Body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  message.keep_alive(keep_alive);
  return message;
}

/// With `body`, and its length.
inline boost::beast::http::response<boost::beast::http::string_body> to_message(Response&& response,
                                                                                unsigned version,
                                                                                bool keep_alive) {
  auto message = head_of<boost::beast::http::string_body>(response, version, keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  return message;
}

}  // namespace muster::http
