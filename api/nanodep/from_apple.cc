#include "api/nanodep/from_apple.h"

#include <algorithm>

#include "apple/answers/failure.h"
#include "base/text/strings.h"

namespace muster::api::nanodep {
namespace {

constexpr const char* kTextOfApple = "text/plain;charset=UTF8";
constexpr int kBadGateway = 502, kUnavailable = 503;

// The session is a secret, and the rest is about this connection or made by our own server.
bool stays_here(std::string_view name) {
  constexpr std::string_view kOurs[] = {"X-ADM-Auth-Session",
                                        "Set-Cookie",
                                        "WWW-Authenticate",
                                        "Connection",
                                        "Keep-Alive",
                                        "Proxy-Connection",
                                        "Transfer-Encoding",
                                        "Content-Length",
                                        "Trailer",
                                        "Upgrade",
                                        "Cache-Control",
                                        "Strict-Transport-Security",
                                        "Alt-Svc",
                                        "Content-Encoding",
                                        "X-Request-Id"};
  return std::any_of(std::begin(kOurs), std::end(kOurs),
                     [&](std::string_view ours) { return equals_ignoring_case(name, ours); });
}

http::Response text_answer(int status, const std::string& text, const RemoteAnswer& apple) {
  http::Response answer{.status = status, .headers = {{"Content-Type", kTextOfApple}}, .body = text};
  if (apple.retry_after) answer.headers.add("Retry-After", std::to_string(apple.retry_after->count()));
  return answer;
}

}  // namespace

http::Response passed_answer(http::Response answer) {
  http::Response passed{.status = answer.status};
  for (const auto& [name, value] : answer.headers)
    if (!stays_here(name)) passed.headers.add(name, value);
  passed.body = std::move(answer.body);
  passed.stream = std::move(answer.stream);
  return passed;
}

Result<http::Response> failed_answer(const apple::Service& service, const Error& error) {
  if (apple::is_held_back(error)) return text_answer(kUnavailable, error.text(), error.remote);
  const bool is_apples = error.code == Code::remote && error.remote.status >= 400;
  if (is_apples && !service.session_is_refused())
    return text_answer(error.remote.status, error.remote.word, error.remote);
  if (error.code == Code::remote || error.code == Code::unreachable)
    return text_answer(kBadGateway, error.remote.word.empty() ? error.text() : error.remote.word,
                       error.remote);
  return failure(error);
}

Result<http::Response> unconnected_answer(const Error& error) {
  if (error.code == Code::not_configured) return text_answer(kBadGateway, error.text(), {});
  return failure(error);
}

}  // namespace muster::api::nanodep
