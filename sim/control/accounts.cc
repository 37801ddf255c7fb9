// Control calls on accounts and their tokens.
#include <boost/json.hpp>

#include "base/text/json.h"
#include "sim/control/handlers.h"
#include "sim/faults/body.h"
#include "sim/session/token_file.h"
#include "sim/world/codec.h"

namespace muster::sim {
namespace {

const char* to_word(Access access) {
  return access == Access::ok ? "ok" : access == Access::forbidden ? "forbidden" : "denied";
}

boost::json::object describe(const Service& service, const Account& account) {
  size_t profiles = 0;
  for (const auto& profile : service.world.profiles()) profiles += profile.account == account.index;
  std::string expiry;
  append_date(expiry, account.token.expires_ms);
  return {{"name", account.name},
          {"server_name", account.server_name},
          {"server_uuid", account.server_uuid},
          {"admin_id", account.admin_id},
          {"org_name", account.org_name},
          {"org_type", account.org_type},
          {"devices", account.device_count},
          {"profiles", profiles},
          {"events", account.events.size()},
          {"sessions", service.sessions.alive(account.index, service.clock.now_ms())},
          {"terms_signed", account.terms_signed},
          {"access", to_word(account.access)},
          {"can_disown", account.can_disown},
          {"consumer_key", account.token.consumer_key},
          {"token_expiry", expiry}};
}

http::Response token_json(const Account& account) {
  return {.status = 200,
          .headers = {{"Content-Type", "application/json;charset=UTF8"}},
          .body = account.token.json()};
}

Result<long long> read_expiry(const std::string& text, long long now_ms) {
  const boost::json::object members{{"expires", text}};
  ControlBody as_date(members);
  if (const auto ms = as_date.date("expires")) return *ms;
  ControlBody as_duration(members);
  if (const auto ms = as_duration.duration("expires")) return now_ms + *ms;
  return failure(Code::invalid,
                 "expires is \"" + text + "\"; it must be a date or a duration from now, e.g. 30d or -1d");
}

}  // namespace

Result<http::Response> list_accounts(ControlCall& call) {
  boost::json::array accounts;
  for (const auto& account : call.service.world.accounts())
    accounts.push_back(describe(call.service, account));
  return control_json({{"accounts", std::move(accounts)}});
}

Result<http::Response> create_account(ControlCall& call) {
  ControlBody body(call.body);
  const auto name = body.text("name");
  MUSTER_TRY(body.finish());
  if (!name) return failure(Code::invalid, "\"name\" is missing");
  MUSTER_TRY(const int index, call.service.world.create_account(*name, call.now_ms));
  return control_json(describe(call.service, call.service.world.account(index)));
}

Result<http::Response> show_control_account(ControlCall& call) {
  MUSTER_TRY(const Account* account, account_in_path(call));
  return control_json(describe(call.service, *account));
}

Result<http::Response> change_account(ControlCall& call) {
  MUSTER_TRY(Account * account, account_in_path(call));
  ControlBody body(call.body);
  const auto terms_signed = body.flag("terms_signed");
  const auto can_disown = body.flag("can_disown");
  const auto access = body.word("access", {"ok", "forbidden", "denied"});
  const auto server_name = body.text("server_name");
  const auto admin_id = body.text("admin_id");
  const auto org_name = body.text("org_name");
  const auto org_email = body.text("org_email");
  const auto org_phone = body.text("org_phone");
  const auto org_address = body.text("org_address");
  const auto org_type = body.word("org_type", {"edu", "org", "tvprovider"});
  const auto token_expiry = body.date("token_expiry");
  MUSTER_TRY(body.finish());
  account->terms_signed = terms_signed.value_or(account->terms_signed);
  account->can_disown = can_disown.value_or(account->can_disown);
  if (access)
    account->access = *access == "ok"          ? Access::ok
                      : *access == "forbidden" ? Access::forbidden
                                               : Access::denied;
  account->server_name = server_name.value_or(account->server_name);
  account->org_name = org_name.value_or(account->org_name);
  account->org_email = org_email.value_or(account->org_email);
  account->org_phone = org_phone.value_or(account->org_phone);
  account->org_address = org_address.value_or(account->org_address);
  account->org_type = org_type.value_or(account->org_type);
  if (admin_id) {
    account->admin_id = *admin_id;
    account->admin = call.service.world.person(*admin_id);
  }
  account->token.expires_ms = token_expiry.value_or(account->token.expires_ms);
  return control_json(describe(call.service, *account));
}

Result<http::Response> show_token(ControlCall& call) {
  MUSTER_TRY(const Account* account, account_in_path(call));
  return token_json(*account);
}

Result<http::Response> show_token_by_query(ControlCall& call) {
  MUSTER_TRY(const Account* account,
             account_named(call.service, call.request.query.get("account").value_or("")));
  return token_json(*account);
}

Result<http::Response> exchange_token(ControlCall& call) {
  MUSTER_TRY(Account * account, account_in_path(call));
  const http::Query& query = call.request.query;
  const bool as_json = query.get("format").value_or("p7m") == "json";
  TokenFileShape shape;
  shape.message_lines = query.get("message_lines").value_or("true") != "false";
  shape.triple_des = query.get("cipher").value_or("aes") == "3des";
  shape.crlf = query.get("newlines").value_or("crlf") != "lf";
  const bool keep_old = query.get("keep").value_or("") == "true";

  // The token in use, wrapped once more, or a new one that kills it.
  Random random(call.service.world.random().next() ^ static_cast<uint64_t>(SimClock::real_ms()));
  Token token = keep_old ? account->token : renew_token(account->token, random, call.now_ms);
  if (query.get("consumer").value_or("same") == "new") token = make_token(random, call.now_ms);
  if (const auto expires = query.get("expires")) {
    MUSTER_TRY(token.expires_ms, read_expiry(*expires, call.now_ms));
  }
  std::string file;
  if (!as_json) {
    MUSTER_TRY(file, make_token_file(token, call.request.body, shape));
  }

  // Only now: a certificate that is rejected must not cost the old token.
  call.service.world.set_token(*account, std::move(token));
  call.service.sessions.end(account->index, call.now_ms);
  if (as_json) return token_json(*account);
  return http::Response{
      .status = 200,
      .headers = {{"Content-Type", "application/pkcs7-mime"},
                  {"Content-Disposition",
                   "attachment; filename=\"" + token_file_name(account->server_name, call.now_ms) + "\""}},
      .body = std::move(file)};
}

}  // namespace muster::sim
