// A call of a server's API by a test that expects the server to die meanwhile.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "http/client.h"

namespace muster::test {

/// Sends `body` as JSON, once. Nothing when no whole answer came.
std::optional<http::Response> call_api(http::Client& client, const std::string& server,
                                       const std::string& key, const std::string& method,
                                       const std::string& path, const boost::json::object& body = {});

}  // namespace muster::test
