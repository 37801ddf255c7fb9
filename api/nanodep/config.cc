// The address of Apple's service, and the rule for all devices.
#include <algorithm>
#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/nanodep/account_named.h"
#include "api/nanodep_form.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "model/text/ids_text.h"
#include "sync/accounts/accounts.h"
#include "sync/rules/rule_profile.h"

namespace muster::api::nanodep {
namespace {

constexpr const char* kAllDevices = "*";

Result<std::optional<Account>> account_if_any(const Call& call) {
  const AccountName name(call.request.parameters.at(0));
  return call.store.read([&](Reader& reader) { return reader.account(name); });
}

}  // namespace

Result<http::Response> get_config(const Call& call) {
  MUSTER_TRY(const auto account, account_if_any(call));
  if (!account || account->base_url.empty()) return http::json_response(200, nullptr);
  return http::json_response(200, {{"base_url", account->base_url}});
}

Result<http::Response> put_config(const Call& call) {
  MUSTER_TRY(const auto name, parse_account_name(call.request.parameters.at(0)));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto base_url, string_field(body, "base_url", true));
  MUSTER_TRY(const auto applied, sync::apply_account(call.store, call.context.services, name,
                                                     {.base_url = base_url}, call.context.stop));
  call.context.runs.restart(applied.account.id);
  return http::json_response(200, {{"base_url", base_url}});
}

Result<http::Response> get_assigner(const Call& call) {
  MUSTER_TRY(const auto account, account_if_any(call));
  boost::json::object answer;
  if (account) {
    MUSTER_TRY(const auto rules, call.store.read([&](Reader& reader) { return reader.rules(account->id); }));
    const auto rule =
        std::find_if(rules.begin(), rules.end(), [](const Rule& each) { return each.filter == kAllDevices; });
    if (rule != rules.end() && !rule->profile.empty()) answer["profile_uuid"] = rule->profile.str();
  }
  return http::json_response(200, std::move(answer));
}

Result<http::Response> put_assigner(const Call& call) {
  const std::string given = call.request.query.get("profile_uuid").value_or("");
  const auto uuid = read_profile_uuid(given);
  if (!uuid) return nanodep_bad_request("\"profile_uuid\" is missing or empty");
  MUSTER_TRY(const auto account, account_made(call));
  sync::RuleEdit wanted{.filter = kAllDevices, .profile = *uuid};
  MUSTER_TRY(sync::check_rule_profile(call.store, call.context.services, account, wanted, call.context.stop));
  MUSTER_TRY(const auto applied,
             sync::apply_rule(call.store, account, wanted,
                              {.now = call.context.clock.now(), .rule_limit = call.context.rule_limit}));
  if (applied.outcome.plan.changes)
    work_soon(call, account.id);
  else
    call.context.runs.wake(account.id, Lane::assignment);  // what waits for its profile may be sent now
  return http::json_response(200, {{"profile_uuid", given}});
}

}  // namespace muster::api::nanodep
