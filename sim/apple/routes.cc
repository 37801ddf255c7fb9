#include "sim/apple/routes.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/text/strings.h"
#include "sim/apple/handlers.h"
#include "sim/session/oauth.h"
#include "sim/world/codec.h"
#include "sim/world/row.h"

namespace muster::sim {
namespace {

// In the order of kEndpoints.
constexpr AppleHandler kHandlers[] = {
    open_session,     show_account,  fetch_devices,  sync_devices,     show_devices,     disown,
    define_profile,   show_profile,  assign,         assign,           remove,           lock_device,
    show_replacement, set_discovery, show_discovery, delete_discovery, show_beta_tokens,
};
static_assert(std::size(kHandlers) == std::size(kEndpoints));

int protocol_version(const http::Request& request) {
  const std::string text = request.headers.get("X-Server-Protocol-Version").value_or("");
  int version = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error == std::errc::result_out_of_range) return kNewestVersion;
  if (error != std::errc()) return 1;
  return std::clamp(version, 1, kNewestVersion);
}

bool content_type_is_json(const http::Request& request) {
  const std::string type = to_lower(request.headers.get("Content-Type").value_or(""));
  return type == "application/json;charset=utf8" || type == "application/json; charset=utf8" ||
         type == "application/json;charset=utf-8" || type == "application/json; charset=utf-8";
}

std::string http_date(long long ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(seconds));
}

std::string request_uuid() {
  const std::string hex = to_hex(random_octets(16), Case::lower);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

bool changes_devices(const Endpoint& endpoint) {
  return endpoint.name == "assign" || endpoint.name == "remove" || endpoint.name == "disown";
}

bool path_exists(std::string_view path) {
  return std::any_of(std::begin(kEndpoints), std::end(kEndpoints),
                     [&](const Endpoint& e) { return e.path == path; });
}

http::Response answer_with_session(AppleCall& call, AppleHandler handler) {
  const auto token = call.request.headers.get("X-ADM-Auth-Session").value_or("");
  const auto use = call.service.sessions.use(token, call.now_ms, call.settings());
  if (!use) {
    const bool known = token.empty() || call.service.sessions.account_of(token).has_value();
    if (!known && call.settings().unknown_session == "403") return call.refuse(403, "FORBIDDEN");
    auto response = call.refuse(401, "UNAUTHORIZED");
    response.headers.add("WWW-Authenticate", "ADM-Auth-Token");
    response.headers.add("Connection", "close");
    return response;
  }
  call.account = use->account;
  const Account& account = call.owner();
  auto response = account.access == Access::forbidden ? call.refuse(403, "FORBIDDEN")
                  : account.access == Access::denied  ? call.refuse(403, "ACCESS_DENIED")
                  : !account.terms_signed             ? call.refuse(403, "T_C_NOT_SIGNED")
                                                      : handler(call);
  if (!use->replacement.empty()) response.headers.add("X-ADM-Auth-Session", use->replacement);
  return response;
}

http::Response answer(AppleCall& call, const Endpoint* endpoint) {
  const auto user_agent = call.request.headers.get("User-Agent").value_or("");
  if (user_agent.empty()) return call.refuse(400, "USER_AGENT_MISSING");
  const std::string& banned = call.settings().reject_user_agent;
  if (!banned.empty() && user_agent.find(banned) != std::string::npos)
    return call.refuse(400, "USER_AGENT_INVALID");
  if (!endpoint) return path_exists(call.request.path) ? call.empty(405) : call.refuse(404, "NOT_FOUND");

  const bool is_session = endpoint->name == "session";
  const bool needs_type = is_session || !call.request.body.empty();
  if (call.settings().strict_content_type && needs_type && !content_type_is_json(call.request))
    return call.refuse(400, "MALFORMED_REQUEST_BODY");
  if (changes_devices(*endpoint)) call.service.world.forget_ready_rows();
  const AppleHandler handler = kHandlers[endpoint - kEndpoints];
  return is_session ? handler(call) : answer_with_session(call, handler);
}

}  // namespace

const Endpoint* find_endpoint(std::string_view method, std::string_view path) {
  for (const Endpoint& endpoint : kEndpoints)
    if (endpoint.method == method && endpoint.path == path) return &endpoint;
  return nullptr;
}

std::string account_of(const Service& service, const http::Request& request) {
  int account = -1;
  if (const auto session = request.headers.get("X-ADM-Auth-Session"))
    account = service.sessions.account_of(*session).value_or(-1);
  else if (const auto oauth = parse_oauth_header(request.headers.get("Authorization").value_or("")))
    account = service.world.owner_of(oauth->token).account;
  return account == -1 ? "" : service.world.accounts()[static_cast<size_t>(account)].name;
}

http::Response answer_apple(Service& service, const http::Request& request, const Endpoint* endpoint,
                            const Fault* fault, CallRecord& record) {
  AppleCall call{.service = service,
                 .request = request,
                 .fault = fault,
                 .account = -1,
                 .version = protocol_version(request),
                 .now_ms = service.clock.now_ms(),
                 .record = record};
  record.version = call.version;
  return answer(call, endpoint);
}

void add_common_headers(const Service& service, http::Response& response) {
  if (!response.headers.has("X-Apple-Request-UUID"))
    response.headers.add("X-Apple-Request-UUID", request_uuid());
  if (!response.headers.has("Date")) response.headers.add("Date", http_date(service.auth_now_ms()));
}

}  // namespace muster::sim
