#include "api/nanodep_form.h"

#include <algorithm>

#include "base/text/json.h"
#include "http/json.h"

namespace muster::api {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kRealm = "Basic realm=\"depserver\"";

std::string reason_in(const http::Response& response) {
  const auto body = parse_json(response.body);
  const auto* error = body && body->is_object() ? body->get_object().if_contains("error") : nullptr;
  return error && error->is_string() ? std::string(error->get_string()) : response.body;
}

}  // namespace

bool is_nanodep(const http::Request& request) {
  constexpr std::string_view kPaths[] = {"/v1/dep_names", "/v1/bypasscode", "/v1/tokenpki/", "/v1/tokens/",
                                         "/v1/config/",   "/v1/assigner/",  "/v1/maidjwt/",  "/proxy/"};
  if (request.path == "/v1/devices") return request.method == "GET" || request.query.get("dep_name");
  return std::any_of(std::begin(kPaths), std::end(kPaths), [&](std::string_view path) {
    return path.ends_with('/') ? request.path.starts_with(path) : request.path == path;
  });
}

http::Response in_nanodep_form(http::Response response) {
  if (response.headers.get("Content-Type") != http::kJson) return response;
  if (response.status != 401 && response.status != 405) {
    response.headers.set("Content-Type", "application/json");
    return response;
  }
  response.body = reason_in(response) + "\n";
  response.headers.set("Content-Type", kText);
  if (response.status == 401) response.headers.set("WWW-Authenticate", kRealm);
  return response;
}

http::Response nanodep_bad_request(const std::string& reason) {
  return {.status = 400, .headers = {{"Content-Type", kText}}, .body = "Bad Request: " + reason + "\n"};
}

}  // namespace muster::api
