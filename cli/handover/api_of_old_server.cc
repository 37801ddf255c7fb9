#include "cli/handover/api_of_old_server.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "http/error_status.h"
#include "http/url.h"

namespace muster::cli {
namespace {

constexpr size_t kAnswerLimit = 512 << 20;  // bytes; MicroMDM lists all devices in one answer
constexpr size_t kQuoteLimit = 200;         // bytes of an answer that is not JSON

Error refusal_of_old_server(const std::string& url, const http::Response& response) {
  Error error{http::code_of(response.status), {}, {}};
  std::string text(trim(std::string_view(response.body).substr(0, kQuoteLimit)));
  if (const auto json = parse_json(response.body); json && json->is_object())
    if (const auto* said = json->get_object().if_contains("error"); said && said->is_string())
      text = std::string(said->get_string());
  for (char& c : text)
    if (c == '\n') c = ' ';
  error.message =
      fmt::format("{} answered with status {}{}{}", url, response.status, text.empty() ? "" : ": ", text);
  if (response.status == 401)
    error.hint = "The old server does not accept this API key: it must be the one that it was started with";
  else if (response.status == 404 || response.status == 405)
    error.hint = "Check that -url is the address of the old server";
  return error;
}

}  // namespace

Result<ApiOfOldServer> ApiOfOldServer::create(const std::string& url, std::string user, std::string key,
                                              bool skip_verify) {
  MUSTER_TRY(auto base, http::parse_base_url(url));
  if (skip_verify && !base.starts_with("https://"))
    return failure(Code::invalid, "-skip-verify has no effect: -url is not https://");
  return ApiOfOldServer(std::move(base), "Basic " + base64_encode(user + ":" + key), skip_verify);
}

Result<boost::json::value> ApiOfOldServer::get(const std::string& path) {
  return exchange("GET", path, nullptr);
}

Result<boost::json::value> ApiOfOldServer::send(const std::string& method, const std::string& path,
                                                const std::string& body) {
  return exchange(method, path, &body);
}

Result<boost::json::value> ApiOfOldServer::exchange(const std::string& method, const std::string& path,
                                                    const std::string* body) {
  http::ClientRequest request;
  request.method = method;
  request.url = url_ + path;
  request.headers.add("Authorization", authorization_);
  request.headers.add("User-Agent", "mdmctl/" MUSTER_VERSION);
  if (body) {
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    request.body = *body;
    request.has_body = true;
  }
  request.skip_verify = skip_verify_;
  request.body_limit = kAnswerLimit;
  auto response = client_->send(request);
  if (!response) return failure(response.error().while_doing("asking the old server"));
  if (response->status != 200) return failure(refusal_of_old_server(request.url, *response));
  auto json = parse_json(response->body);
  if (!json)
    return failure(Code::remote, request.url + " answered with what is no JSON",
                   "Check that -url is the address of the old server");
  return json;
}

}  // namespace muster::cli
