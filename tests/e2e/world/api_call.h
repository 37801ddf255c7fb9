// Calls of a server's API by tests.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "http/client/client.h"

namespace muster::test {

/// A request with the key; `body` is JSON, "" for none.
http::ClientRequest api_request(const std::string& server, const std::string& key, const std::string& method,
                                const std::string& path, const std::string& body = {});

/// For a server that may die meanwhile: sends `body` as JSON, once. Nothing when no whole answer came.
std::optional<http::Response> call_api(http::Client& client, const std::string& server,
                                       const std::string& key, const std::string& method,
                                       const std::string& path, const boost::json::object& body = {});

}  // namespace muster::test
