// Calls of a server's API by tests.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "http/client/client.h"

namespace muster::test {

/// Whether the answer to this call, as the tests of all calls send it, is a stream of events.
bool never_ends(const std::string& method, const std::string& path, const std::string& body = {});

/// A request with the key; `body` is JSON, "" for none. Of an answer that never ends only the head is read.
http::ClientRequest api_request(const std::string& server, const std::string& key, const std::string& method,
                                const std::string& path, const std::string& body = {});

/// For a server that may die meanwhile: sends `body` as JSON, once. Nothing when no whole answer came.
std::optional<http::Response> call_api(http::Client& client, const std::string& server,
                                       const std::string& key, const std::string& method,
                                       const std::string& path, const boost::json::object& body = {});

}  // namespace muster::test
