#include <algorithm>
#include <boost/json.hpp>

#include "api/answer.h"
#include "api/body.h"
#include "api/handlers.h"
#include "base/text/encoding.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "sync/accounts/accounts.h"

namespace muster::api::muster_v1 {
namespace {

Result<AccountName> name_of(const Call& call) { return parse_account_name(call.request.parameters.at(0)); }

// A member that is misspelt would otherwise be ignored silently.
Result<> check_members(const boost::json::object& body) {
  constexpr std::string_view kKnown[] = {"p7m_content", "token", "base_url", "paused", "revision"};
  for (const auto& member : body)
    if (std::find(std::begin(kKnown), std::end(kKnown), std::string_view(member.key())) == std::end(kKnown))
      return failure(Code::invalid, "\"" + std::string(member.key()) + "\" is not a known member",
                     "The members are p7m_content, token, base_url, paused and revision");
  return {};
}

Result<sync::AccountChange> change_in(const boost::json::object& body) {
  MUSTER_TRY(check_members(body));
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
  if (const auto* paused = body.if_contains("paused")) {
    if (!paused->is_bool()) return failure(Code::invalid, "\"paused\" must be true or false");
    change.paused = paused->get_bool();
  }
  MUSTER_TRY(change.revision, optional_number_field(body, "revision"));
  return change;
}

boost::json::object to_json(const sync::AppliedAccount& applied) {
  const Account& account = applied.account;
  boost::json::object json{{"name", account.name.str()},
                           {"created", applied.created},
                           {"paused", account.paused},
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
  MUSTER_TRY(const auto name, name_of(call));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(auto change, change_in(body));
  change.force = call.request.query.get("force").value_or("") == "1";
  const Context& context = call.context;
  MUSTER_TRY(const auto applied,
             sync::apply_account(context.store, context.services, name, change, context.stop));
  if (!body.empty()) context.scheduler.restart(applied.account.id);
  return http::json_response(200, to_json(applied));
}

Result<http::Response> delete_account(const Call& call) {
  MUSTER_TRY(const auto name, name_of(call));
  MUSTER_TRY(const auto id, sync::remove_account(call.context.store, call.context.services, name));
  call.context.scheduler.retire(id);
  return done();
}

}  // namespace muster::api::muster_v1
