#include "api/access/session_cookie.h"

#include <fmt/format.h>

#include "base/hmac.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::api {
namespace {

constexpr std::string_view kPlainName = "muster_session";
// Browsers take a cookie of this name only by HTTPS, from this very host, and for all of its paths.
constexpr std::string_view kSecureName = "__Host-muster_session";

}  // namespace

std::optional<std::string> session_text_in(const http::Request& request) {
  std::optional<std::string> plain;
  for (const auto& pair : split_list(request.headers.get("Cookie").value_or(""), ';')) {
    const auto text = trim(pair);
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals + 1 == text.size()) continue;
    const auto name = text.substr(0, equals);
    if (name == kSecureName) return std::string(text.substr(equals + 1));
    if (name == kPlainName) plain = std::string(text.substr(equals + 1));
  }
  return plain;
}

std::string csrf_token_of(std::string_view session_text) {
  return hex_lower(hmac_sha256(session_text, "csrf"));
}

bool shows_csrf_token(const http::Request& request, std::string_view session_text) {
  const auto token = request.headers.get(kCsrfHeader);
  return token && equals_constant_time(*token, csrf_token_of(session_text));
}

bool is_of_another_site(const http::Request& request) {
  const auto site = request.headers.get("Sec-Fetch-Site");
  return site && *site != "same-origin" && *site != "none";
}

bool is_of_script(const http::Request& request) {
  const auto mode = request.headers.get("Sec-Fetch-Mode");
  return (mode && *mode != "navigate") || request.headers.has(kCsrfHeader) || session_text_in(request);
}

std::string session_cookie(std::string_view text, std::chrono::seconds life, bool secure) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}",
                     secure ? kSecureName : kPlainName, text, life.count(), secure ? "; Secure" : "");
}

std::string no_session_cookie(bool secure) { return session_cookie("", std::chrono::seconds(0), secure); }

}  // namespace muster::api
