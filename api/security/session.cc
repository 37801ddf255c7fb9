// Signing in to the console and out of it: a browser exchanges an API key for a cookie, so that it need not
// keep the key.
#include <boost/json.hpp>

#include "api/access/session_cookie.h"
#include "api/answer.h"
#include "api/console_handlers.h"
#include "api/members.h"
#include "base/log/log.h"
#include "http/json.h"
#include "model/text/words.h"

namespace muster::api::muster_v1 {
namespace {

boost::json::object to_json(const ApiKey& key, const std::optional<Session>& session) {
  boost::json::array accounts;
  if (key.is_for_all_accounts) accounts.emplace_back(kAllAccounts);
  for (const auto& account : key.accounts) accounts.emplace_back(account.str());
  boost::json::object json{
      {"key", key.name}, {"role", std::string(word(key.role))}, {"accounts", std::move(accounts)}};
  if (!session) return json;
  json["expires_at"] = format_rfc3339(session->expires_at);
  json["csrf_token"] = csrf_token_of(session->text);
  return json;
}

// Behind a proxy only the browser knows that its page came by HTTPS.
bool is_secure(const Call& call) {
  const auto& certificate_end = call.context.certificate_end;
  const bool serves_tls = certificate_end && certificate_end();
  return serves_tls || call.request.headers.get("Origin").value_or("").starts_with("https://");
}

}  // namespace

Result<http::Response> get_session(const Call& call, const Caller& caller, KeyCheck&) {
  return http::json_response(200, to_json(call.key, caller.session));
}

Result<http::Response> post_session(const Call& call, const Caller& caller, KeyCheck& keys) {
  if (caller.session)
    return failure(Code::conflict, "you are signed in already", "Send an API key, or sign out first");
  MUSTER_TRY(call.store.write(installation, [&](Writer& writer) -> Result<> {
    writer.note_change({.action = "session.opened", .object = call.key.name});
    return {};
  }));
  log::info("session.opened", {{"key", call.key.name}, {"peer", call.request.peer}});
  const auto session = keys.open_session(call.key);
  auto response = http::json_response(200, to_json(call.key, session));
  const auto life = std::chrono::floor<std::chrono::seconds>(session.expires_at - call.context.clock.now());
  response.headers.add("Set-Cookie", session_cookie(session.text, life, is_secure(call)));
  return response;
}

// Together with the entry of the audit, so that all servers know it when it is answered.
Result<http::Response> delete_session(const Call& call, const Caller& caller, KeyCheck&) {
  if (caller.session) {
    const auto digest = digest_of_session(*caller.session);
    MUSTER_TRY(call.store.write(installation, [&](Writer& writer) {
      writer.note_change({.action = "session.closed", .object = call.key.name});
      return writer.end_session(digest, caller.session->expires_at, call.context.clock.now());
    }));
    log::info("session.closed", {{"key", call.key.name}, {"peer", call.request.peer}});
  }
  auto response = done();
  response.headers.add("Set-Cookie", no_session_cookie(is_secure(call)));
  return response;
}

}  // namespace muster::api::muster_v1
