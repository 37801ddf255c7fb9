#include "cli/client/api.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "cli/client/redirect.h"
#include "cli/output/fields.h"
#include "http/error_status.h"

namespace muster::cli {
namespace {

constexpr const char* kUser = "micromdm";
constexpr int kMaxRedirects = 10;
constexpr size_t kAnswerLimit =
    512 << 20;  // bytes; `get devices` has every device in one answer, about 200 each
constexpr auto kFirstByteTimeout = std::chrono::minutes(2);  // the server may have to ask Apple first
constexpr auto kTotalTimeout = std::chrono::minutes(5);
constexpr auto kDownloadTimeout = std::chrono::hours(6);  // a large file over a slow line
constexpr size_t kQuoteLimit =
    200;  // bytes of an answer that is not ours, shown so that people see who answered

// The beginning of a body on one line, for answers of proxies and of other programs.
std::string quote(const std::string& body) {
  std::string text(trim(body.substr(0, kQuoteLimit)));
  for (char& c : text)
    if (c == '\n') c = ' ';
  return body.size() > kQuoteLimit ? text + " ..." : text;
}

Error refusal(const std::string& url, const http::Response& response) {
  Error error{http::code_of(response.status), {}, {}};
  if (const auto document = parse_json(response.body); document && document->is_object())
    error.message = text_of(document->get_object(), "error");
  const bool own_text = !error.message.empty();
  if (!own_text) {
    error.message = fmt::format("{} answered with status {}", url, response.status);
    if (const auto text = quote(response.body); !text.empty()) error.message += ": " + text;
  }
  if (response.status == 401)
    error.hint = "The server does not accept this API key; set the right one by `mdmctl config set`";
  else if (response.status == 405 || (response.status == 404 && !own_text))
    error.hint = "Check that the server-url of `mdmctl config print` is a Muster server of this version";
  else if (response.status == 413)
    error.hint = "Send less at once";
  return error;
}

}  // namespace

Result<boost::json::object> Api::get(const std::string& path) { return exchange("GET", path, std::nullopt); }

Result<boost::json::object> Api::send(const std::string& method, const std::string& path,
                                      const boost::json::value& body) {
  return exchange(method, path, write_json(body) + "\n");
}

Result<boost::json::object> Api::send_text(const std::string& method, const std::string& path,
                                           std::string body) {
  return exchange(method, path, std::move(body));
}

http::ClientRequest Api::request_of(const std::string& method, const std::string& path) const {
  http::ClientRequest request;
  request.method = method;
  request.url = server_.server_url + path;
  if (!account_.empty())
    request.url +=
        (path.find('?') == std::string::npos ? "?account=" : "&account=") + percent_encode(account_);
  request.headers.add("Authorization", "Basic " + base64_encode(kUser + (":" + server_.api_token)));
  request.headers.add("User-Agent", "mdmctl/" MUSTER_VERSION);
  request.headers.add("X-Muster-Actor", actor_);
  request.skip_verify = server_.skip_verify;
  request.body_limit = kAnswerLimit;
  request.first_byte_timeout = kFirstByteTimeout;
  request.total_timeout = patience_.value_or(kTotalTimeout);
  if (patience_) request.first_byte_timeout = *patience_;
  return request;
}

Result<> Api::download(const std::string& path, http::BodySink take) {
  auto request = request_of("GET", path);
  request.sink_for = [take = std::move(take)](const http::Response& head) {
    return head.status == 200 ? take : http::BodySink();
  };
  request.total_timeout = kDownloadTimeout;
  const std::string url = request.url;
  MUSTER_TRY(const auto response, follow(std::move(request)));
  if (response.status != 200) return failure(refusal(url, response));
  return {};
}

Result<boost::json::object> Api::exchange(const std::string& method, const std::string& path,
                                          std::optional<std::string> body) {
  auto request = request_of(method, path);
  if (body) {
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    request.body = std::move(*body);
    request.has_body = true;
  }
  const std::string url = request.url.substr(0, request.url.find('?'));
  MUSTER_TRY(const auto response, follow(std::move(request)));
  if (response.status != 200) return failure(refusal(url, response));

  auto document = parse_json(response.body);
  if (document && document->is_object()) return std::move(document->get_object());
  return failure(Code::remote,
                 fmt::format("the answer of {} is not what was asked for: {}", url,
                             document ? "it is JSON, but no object" : document.error().message),
                 "Check that the server-url of `mdmctl config print` is a Muster server");
}

Result<http::Response> Api::follow(http::ClientRequest request) {
  const Progress::Waiting waiting(*progress_, "waiting for " + server_.server_url);
  for (int redirects = 0; redirects <= kMaxRedirects; ++redirects) {
    MUSTER_TRY(auto response, client_->send(request));
    const auto location = response.headers.get("Location");
    if (response.status < 301 || response.status > 308 || response.status == 304 || !location)
      return response;
    MUSTER_TRY(const auto next, resolve_redirect(request.url, *location));
    if (!next.may_carry_key)
      return failure(Code::remote,
                     fmt::format("the server redirects to {}, where the API key must not go", next.url),
                     "If that is your server, set its address by `mdmctl config set`");
    request.url = next.url;
  }
  return failure(Code::remote, fmt::format("the server redirects more than {} times", kMaxRedirects),
                 "Check the server-url of `mdmctl config print`");
}

}  // namespace muster::cli
