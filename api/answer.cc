#include "api/answer.h"

#include <algorithm>
#include <boost/json.hpp>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "http/error_status.h"
#include "http/json.h"

namespace muster::api {
namespace {

int status_for(const Error& error) {
  if (error.code == Code::remote) {
    switch (apple::classify(error)) {
      case apple::Failure::refused: return 400;
      case apple::Failure::profile_unknown: return 404;
      default: break;
    }
  }
  return http::status_of(error.code);
}

}  // namespace

http::Response refusal(int status, const std::string& reason) {
  return http::json_response(status, {{"error", reason}});
}

http::Response error_answer(const Error& error) {
  if (!error.is_ours()) return refusal(status_for(error), error.text());
  log::error("api.failed", {{"reason", error.text()}});
  if (error.code == Code::storage) return refusal(status_for(error), error.text());
  return refusal(500, "internal error: see the server's log");
}

http::Response unauthorized(const std::string& reason) {
  auto response = refusal(401, reason);
  response.headers.add("WWW-Authenticate", "Basic realm=\"micromdm\"");
  return response;
}

http::Response throttled(const std::string& reason, Millis wait) {
  const auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(1));
  auto response = refusal(429, reason + "; try again later");
  response.headers.add("Retry-After", std::to_string(seconds.count()));
  return response;
}

http::Response done() { return http::json_response(200, boost::json::object()); }

}  // namespace muster::api
