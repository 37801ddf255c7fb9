#include "tests/e2e/api_call.h"

#include "base/encoding.h"
#include "http/json.h"

namespace muster::test {

std::optional<http::Response> call_api(http::Client& client, const std::string& server,
                                       const std::string& key, const std::string& method,
                                       const std::string& path, const boost::json::object& body) {
  http::ClientRequest request;
  request.method = method;
  request.url = server + path;
  request.headers.add("Authorization", "Basic " + base64_encode("micromdm:" + key));
  if (method != "GET") {
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    request.body = http::to_json(body);
    request.has_body = true;
  }
  request.send_once = true;
  auto response = client.send(request);
  if (!response) return std::nullopt;
  return std::move(*response);
}

}  // namespace muster::test
