#include <boost/json.hpp>

#include "api/answer.h"
#include "api/body.h"
#include "api/handlers.h"
#include "http/json.h"
#include "sync/rules/rule_profile.h"
#include "sync/rules/rules.h"

namespace muster::api::micromdm {

Result<http::Response> get_dep_autoassigners(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto rules, call.store.read([&](Reader& r) { return r.rules(account.id); }));
  boost::json::array list;
  for (const auto& rule : rules)
    list.push_back({{"filter", rule.filter}, {"profile_uuid", rule.profile.str()}});
  return http::json_response(200, {{"autoassigners", std::move(list)}});
}

Result<http::Response> post_dep_autoassigners(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto filter, string_field(body, "filter", true));
  MUSTER_TRY(const auto uuid, profile_uuid_or_name(body, "profile_uuid"));
  MUSTER_TRY(const auto account, account_of(call));
  sync::RuleEdit wanted{.filter = filter, .profile = uuid};
  MUSTER_TRY(sync::check_rule_profile(call.store, call.context.services, account, wanted, call.context.stop));
  MUSTER_TRY(const auto applied,
             sync::apply_rule(call.store, account, wanted,
                              {.now = call.context.clock.now(), .rule_limit = call.context.rule_limit}));
  if (applied.outcome.plan.changes)
    work_soon(call, account.id);
  else
    call.context.runs.wake(account.id, Lane::assignment);  // what waits for its profile may be sent now
  return done();
}

Result<http::Response> delete_dep_autoassigners(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto filter, string_field(body, "filter", true));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(sync::drop_rule(call.store, account, filter, "", {.now = call.context.clock.now()}));
  return done();
}

}  // namespace muster::api::micromdm
