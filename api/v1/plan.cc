#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/plan.h"
#include "api/json/plan_query.h"
#include "api/json/rule.h"
#include "api/query.h"
#include "http/json.h"

namespace muster::api::muster_v1 {
namespace {

// The change that a body describes, never made.
Result<sync::RuleChangeOutcome> preview(const Call& call, const Account& account,
                                        const boost::json::object& body, sync::RuleChange how) {
  how.preview = true;
  if (body.contains("rule") && body.contains("remove_rule"))
    return failure(Code::invalid, "\"rule\" and \"remove_rule\" are two changes", "Plan one at a time");
  Store& store = call.store;
  if (const auto* rule = body.if_contains("rule")) {
    if (!rule->is_object()) return failure(Code::invalid, "\"rule\" must be an object");
    MUSTER_TRY(only_members(rule->get_object(), kRuleMembers, "\"rule\""));
    MUSTER_TRY(const auto wanted, rule_change(rule->get_object()));
    MUSTER_TRY(auto applied, sync::apply_rule(store, account, wanted, std::move(how)));
    return std::move(applied.outcome);
  }
  if (const auto* rule = body.if_contains("remove_rule")) {
    if (!rule->is_object()) return failure(Code::invalid, "\"remove_rule\" must be an object");
    MUSTER_TRY(only_members(rule->get_object(), "filter name", "\"remove_rule\""));
    MUSTER_TRY(const auto filter, string_field(rule->get_object(), "filter", false));
    MUSTER_TRY(const auto name, string_field(rule->get_object(), "name", false));
    if (filter.empty() == name.empty())
      return failure(Code::invalid, "\"remove_rule\" needs \"filter\" or \"name\", one of the two");
    MUSTER_TRY(auto dropped, sync::drop_rule(store, account, filter, name, std::move(how)));
    return std::move(dropped.outcome);
  }
  return failure(Code::invalid, "the body has no change to plan", "Use \"rule\" or \"remove_rule\"");
}

}  // namespace

Result<http::Response> get_plan(const Call& call) {
  MUSTER_TRY(const auto limit, number_in_query(call, "limit", 0, kMostListed, 0));
  MUSTER_TRY(const auto query, plan_query(limit, call.request.query.get("cursor").value_or("")));
  MUSTER_TRY(const auto account, account_of(call));
  return costly_answer(call, account.id, [&] {
    return call.store.read([&](Reader& reader) -> Result<http::Response> {
      MUSTER_TRY(const auto plan, sync::make_plan(reader, account.id, query));
      MUSTER_TRY(const auto profiles, reader.profiles(account.id));
      MUSTER_TRY(const auto waiting, reader.assignment_count(account.id));
      return http::json_response(200, {{"plan", to_json(plan, profiles)}, {"waiting", waiting}});
    });
  });
}

Result<http::Response> post_plan(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(auto how, change_options(call, body));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto outcome, preview(call, account, body, std::move(how)));
  MUSTER_TRY(auto json, outcome_json(call, account, outcome));
  return http::json_response(200, std::move(json));
}

}  // namespace muster::api::muster_v1
