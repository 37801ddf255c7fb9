// Key pairs and tokens of an account.
#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/nanodep/account_named.h"
#include "api/nanodep_form.h"
#include "api/query.h"
#include "apple/session/token.h"
#include "base/time/rfc3339.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "sync/accounts/accounts.h"
#include "sync/accounts/connect.h"

namespace muster::api::nanodep {
namespace {

constexpr const char* kUsualCommonName = "depserver";
constexpr long long kUsualDays = 1, kMostDays = 36'500;
constexpr const char* kNoTime = "0001-01-01T00:00:00Z";  // Go's

http::Response answer_with(const Token& token) {
  const auto& expiry = token.access_token_expiry;
  return http::json_response(200, {{"consumer_key", token.consumer_key},
                                   {"consumer_secret", token.consumer_secret},
                                   {"access_token", token.access_token},
                                   {"access_secret", token.access_secret},
                                   {"access_token_expiry", expiry ? format_rfc3339(*expiry) : kNoTime}});
}

Result<bool> is_forced(const Call& call) {
  if (call.request.query.get("force").value_or("").empty()) return false;
  return flag_in_query(call, "force");
}

// A token of another service, by mistake, is known by its consumer key.
Result<> check_consumer_key(const Account& account, const Token& token) {
  if (!account.token || account.token->consumer_key == token.consumer_key) return {};
  return failure(Code::conflict, "mismatched consumer key");  // NanoDEP's words
}

Result<http::Response> put_token(const Call& call, const Account& account, const Token& token,
                                 const sync::AccountChange& change) {
  if (!change.force) MUSTER_TRY(check_consumer_key(account, token));
  MUSTER_TRY(const auto applied,
             sync::apply_account(call.store, call.context.services, account.name, change, call.context.stop));
  call.context.runs.restart(applied.account.id);  // what runs with the old token is of no use any more
  return answer_with(token);
}

// As it is stored, or by its name alone where it is made with the token.
Result<Account> account_to_be(const Call& call) {
  MUSTER_TRY(const auto name, parse_account_name(call.request.parameters.at(0)));
  MUSTER_TRY(auto account, call.store.read([&](Reader& reader) { return reader.account(name); }));
  if (account) return *std::move(account);
  Account fresh;
  fresh.name = name;
  return fresh;
}

}  // namespace

Result<http::Response> get_token_pki(const Call& call) {
  std::string common_name = call.request.query.get("cn").value_or("");
  if (common_name.empty()) common_name = kUsualCommonName;
  const auto days = number_in_query(call, "validity_days", 1, kMostDays, kUsualDays);
  if (!days) return nanodep_bad_request(days.error().text());
  MUSTER_TRY(const auto account, account_made(call));
  MUSTER_TRY(const auto pair,
             sync::renew_key_pair(call.store, call.context.clock, account,
                                  sync::CertificateText{common_name, static_cast<int>(*days)}));
  return http::Response{
      .status = 200,
      .headers = {{"Content-Type", "application/x-pem-file"},
                  {"Content-Disposition", "attachment; filename=\"" + account.name.str() + ".pem\""}},
      .body = pair.certificate_pem};
}

Result<http::Response> put_token_pki(const Call& call) {
  MUSTER_TRY(const bool force, is_forced(call));
  MUSTER_TRY(const auto account, account_to_be(call));
  MUSTER_TRY(const auto opened, sync::open_token_file(call.store, account, call.request.body));
  return put_token(call, account, opened.token, {.p7m = call.request.body, .force = force});
}

Result<http::Response> get_tokens(const Call& call) {
  MUSTER_TRY(const auto account, account_named(call));
  MUSTER_TRY(const auto token, call.store.read([&](Reader& reader) { return reader.token(account.id); }));
  if (!token) return failure(Code::not_found, "the account \"" + account.name.str() + "\" has no token");
  MUSTER_TRY(note_reading(call, account.id, "token.read", account.name.str()));
  return answer_with(*token);
}

Result<http::Response> put_tokens(const Call& call) {
  MUSTER_TRY(const bool force, is_forced(call));
  MUSTER_TRY(const auto account, account_to_be(call));
  const auto token = apple::parse_token(call.request.body);
  if (!token) return nanodep_bad_request(token.error().text());
  return put_token(call, account, *token, {.token_json = call.request.body, .force = force});
}

}  // namespace muster::api::nanodep
