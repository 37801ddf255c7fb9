#include <boost/json.hpp>

#include "api/answer.h"
#include "api/body.h"
#include "api/handlers.h"
#include "api/query.h"
#include "apple/session/token.h"
#include "base/text/encoding.h"
#include "base/time/rfc3339.h"
#include "http/json.h"
#include "sync/accounts/connect.h"

namespace muster::api::micromdm {
namespace {

boost::json::value to_json(const Token& token) {
  boost::json::object json{{"consumer_key", token.consumer_key},
                           {"consumer_secret", token.consumer_secret},
                           {"access_token", token.access_token},
                           {"access_secret", token.access_secret}};
  if (token.access_token_expiry) json["access_token_expiry"] = format_rfc3339(*token.access_token_expiry);
  return json;
}

}  // namespace

Result<http::Response> get_dep_tokens(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto pair, sync::ensure_key_pair(call.store, call.context.clock, account));
  MUSTER_TRY(const auto der, apple::certificate_der(pair));
  boost::json::value tokens = nullptr;
  if (account.token) {
    MUSTER_TRY(note_reading(call, account.id, "token.read", account.name.str()));
    MUSTER_TRY(const auto token, call.store.read([&](Reader& reader) { return reader.token(account.id); }));
    if (token) tokens = boost::json::array{to_json(*token)};
  }
  return http::json_response(200, {{"dep_tokens", std::move(tokens)}, {"public_key", base64_encode(der)}});
}

Result<http::Response> put_dep_tokens(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const bool new_key, flag_field(body, "new_key"));
  if (new_key && (body.contains("p7m_content") || call.request.query.get("force")))
    return failure(Code::invalid, "\"new_key\" makes a key pair for the next token",
                   "Import that in a call of its own");
  if (new_key) {
    MUSTER_TRY(sync::renew_key_pair(call.store, call.context.clock, account));
    return done();
  }
  MUSTER_TRY(const auto content, string_field(body, "p7m_content", true));
  const auto p7m = base64_decode(content);
  if (!p7m) return failure(Code::invalid, "\"p7m_content\" is not base64");
  MUSTER_TRY(const bool force, flag_in_query(call, "force"));
  MUSTER_TRY(sync::import_token(call.store, call.context.services, account, *p7m, force, call.context.stop));
  call.context.runs.restart(account.id);  // what runs with the old token is of no use any more
  return done();
}

}  // namespace muster::api::micromdm
