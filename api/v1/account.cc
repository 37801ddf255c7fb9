#include <boost/json.hpp>

#include "api/answer.h"
#include "api/body.h"
#include "api/handlers.h"
#include "api/query.h"
#include "base/text/encoding.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "sync/accounts/accounts.h"

namespace muster::api::muster_v1 {
namespace {

Result<AccountName> account_in_path(const Call& call) {
  const std::string& name = call.request.parameters.at(0);
  if (call.request.query.get("account").value_or(name) != name)
    return failure(Code::invalid, "\"account\" is not the account of the path", "Leave it out");
  return parse_account_name(name);
}

// A setting that is on or off; nothing where it is absent.
Result<std::optional<bool>> switch_in(const boost::json::object& body, std::string_view name) {
  if (!body.contains(name)) return std::nullopt;
  if (!body.at(name).is_bool())
    return failure(Code::invalid, "\"" + std::string(name) + "\" must be true or false");
  return body.at(name).get_bool();
}

Result<sync::AccountChange> change_in(const boost::json::object& body) {
  sync::AccountChange change;
  if (body.contains("p7m_content")) {
    MUSTER_TRY(const auto content, string_field(body, "p7m_content", true));
    change.p7m = base64_decode(content);
    if (!change.p7m) return failure(Code::invalid, "\"p7m_content\" is not base64");
  }
  if (const auto* token = body.if_contains("token")) {
    if (!token->is_object()) return failure(Code::invalid, "\"token\" must be an object");
    change.token_json = boost::json::serialize(*token);
  }
  if (body.contains("base_url")) {
    MUSTER_TRY(change.base_url, string_field(body, "base_url", false));
  }
  MUSTER_TRY(change.paused, switch_in(body, "paused"));
  MUSTER_TRY(change.inherit_replacements, switch_in(body, "inherit_replacements"));
  MUSTER_TRY(change.revision, optional_number_field(body, "revision"));
  return change;
}

boost::json::object to_json(const sync::AppliedAccount& applied) {
  const Account& account = applied.account;
  boost::json::object json{{"name", account.name.str()},
                           {"created", applied.created},
                           {"paused", account.paused},
                           {"inherit_replacements", account.inherit_replacements},
                           {"has_token", account.token.has_value()},
                           {"revision", applied.revision}};
  if (!account.base_url.empty()) json["base_url"] = account.base_url;
  if (account.apple) {
    json["server_name"] = account.apple->server_name;
    json["org_name"] = account.apple->org_name;
  }
  return json;
}

}  // namespace

Result<http::Response> put_account(const Call& call) {
  MUSTER_TRY(const auto name, account_in_path(call));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(auto change, change_in(body));
  MUSTER_TRY(change.force, flag_in_query(call, "force"));
  if (change.force && !change.p7m && !change.token_json && !change.base_url)
    return failure(Code::invalid, "\"force\" has no effect: no token is given",
                   "Leave it out, or give \"p7m_content\" or \"token\"");
  const Context& context = call.context;
  MUSTER_TRY(const auto applied,
             sync::apply_account(call.store, context.services, name, change, context.stop));
  if (!body.empty()) context.runs.restart(applied.account.id);
  return http::json_response(200, to_json(applied));
}

Result<http::Response> delete_account(const Call& call) {
  MUSTER_TRY(const auto name, account_in_path(call));
  MUSTER_TRY(const auto id, sync::remove_account(call.store, call.context.services, name));
  call.context.runs.retire(id);
  return done();
}

}  // namespace muster::api::muster_v1
