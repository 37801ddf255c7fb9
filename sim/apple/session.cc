// GET /session: OAuth in, session token out. Refusals are glued of the problem and the HTTP reason, as
// Apple's are.
#include <boost/json.hpp>

#include "base/text/strings.h"
#include "sim/apple/handlers.h"
#include "sim/session/oauth.h"
#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr std::string_view kAppleUrl = "https://mdmenrollment.apple.com/session";

// A client signs the URL it calls. That is Apple's, or the simulator's as the client sees it: the Host header
// tells, but not whether a proxy in between ended TLS.
std::vector<std::string> base_urls(const AppleCall& call) {
  std::vector<std::string> urls{std::string(kAppleUrl)};
  const std::string host = to_lower(call.request.headers.get("Host").value_or(""));
  if (host.empty()) return urls;
  for (const std::string scheme : {"http", "https"}) {
    const std::string default_port = scheme == "http" ? ":80" : ":443";
    const std::string name =
        host.ends_with(default_port) ? host.substr(0, host.size() - default_port.size()) : host;
    urls.push_back(scheme + "://" + name + call.request.path);
  }
  return urls;
}

bool signature_fits(const AppleCall& call, const OAuthParameters& oauth, const Token& token) {
  for (const auto& url : base_urls(call)) {
    const auto signature = oauth_signature(call.request.method, url, oauth.signed_parameters,
                                           token.consumer_secret, token.access_secret);
    if (equals_constant_time(oauth.signature, signature)) return true;
  }
  return false;
}

}  // namespace

http::Response open_session(AppleCall& call) {
  const Settings& settings = call.settings();
  const auto oauth = parse_oauth_header(call.request.headers.get("Authorization").value_or(""));
  if (!oauth || (settings.require_realm && oauth->realm != "ADM"))
    return call.refuse(400, "oauth_problem_adviceBad Request");

  World& world = call.service.world;
  const auto owner = world.owner_of(oauth->token);
  if (owner.account == -1) return call.refuse(401, "oauth_problem_adviceUnauthorized");
  call.account = owner.account;
  const Account& account = call.owner();
  call.record.account = account.name;
  if (owner.replaced) return call.refuse(403, settings.replaced_token + "Forbidden");
  if (oauth->consumer_key != account.token.consumer_key || !signature_fits(call, *oauth, account.token))
    return call.refuse(401, "oauth_problem_adviceUnauthorized");

  const long long skew_ms = settings.clock_skew.count();
  const long long auth_now_ms = call.service.auth_now_ms();
  const long long age_ms = auth_now_ms - oauth->timestamp_s * 1000;
  if (age_ms > skew_ms || age_ms < -skew_ms - 1000)
    return call.refuse(401, "oauth_problem_adviceUnauthorized");
  const long long forget_before_s = (auth_now_ms - 2 * skew_ms) / 1000;
  if (!call.service.sessions.take_nonce(oauth->token, oauth->timestamp_s, oauth->nonce, forget_before_s))
    return call.refuse(401, "oauth_problem_adviceUnauthorized");

  if (account.token.expires_ms <= call.now_ms) return call.refuse(403, "token_expiredForbidden");
  if (account.access == Access::forbidden) return call.refuse(403, "FORBIDDEN");
  if (account.access == Access::denied) return call.refuse(403, "ACCESS_DENIED");
  if (!account.terms_signed) return call.refuse(403, "T_C_NOT_SIGNED");
  std::string body = "{\"auth_session_token\":";
  append_json_string(body, call.service.sessions.open(call.account, call.now_ms, settings));
  return call.json(body + "}");
}

}  // namespace muster::sim
