#include "tests/e2e/world/api_call.h"

#include "base/text/encoding.h"
#include "base/text/json.h"

namespace muster::test {

bool never_ends(const std::string& method, const std::string& path, const std::string& body) {
  return method == "GET" && body.empty() &&
         (path == "/api/v1/events" || path.starts_with("/api/v1/events?account=default"));
}

http::ClientRequest api_request(const std::string& server, const std::string& key, const std::string& method,
                                const std::string& path, const std::string& body) {
  http::ClientRequest request;
  request.method = method;
  request.url = server + path;
  request.headers_only = never_ends(method, path, body);
  request.headers.add("Authorization", "Basic " + base64_encode("micromdm:" + key));
  if (!body.empty()) {
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    request.body = body;
    request.has_body = true;
  }
  return request;
}

std::optional<http::Response> call_api(http::Client& client, const std::string& server,
                                       const std::string& key, const std::string& method,
                                       const std::string& path, const boost::json::object& body) {
  auto request = api_request(server, key, method, path, method == "GET" ? "" : write_json(body));
  request.send_once = true;
  auto response = client.send(request);
  if (!response) return std::nullopt;
  return std::move(*response);
}

}  // namespace muster::test
