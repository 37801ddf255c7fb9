#include "api/auth.h"

#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::api {
namespace {

// What follows the scheme; nothing for another one.
std::optional<std::string_view> after_scheme(std::string_view header, std::string_view scheme) {
  if (!equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
  return trim(header.substr(scheme.size()));
}

}  // namespace

std::optional<std::string> key_in(const http::Request& request) {
  const std::string header = request.headers.get("Authorization").value_or("");
  if (const auto bearer = after_scheme(header, "bearer ")) return std::string(*bearer);
  const auto basic = after_scheme(header, "basic ");
  const auto credentials = basic ? base64_decode(*basic) : std::nullopt;
  const size_t colon = credentials ? credentials->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return credentials->substr(colon + 1);
}

}  // namespace muster::api
