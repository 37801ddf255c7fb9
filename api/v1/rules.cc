#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/funnel.h"
#include "api/json/plan_query.h"
#include "api/json/rule.h"
#include "api/members.h"
#include "api/query.h"
#include "http/json.h"
#include "sync/enrollment/late.h"
#include "sync/rules/coverage.h"
#include "sync/rules/rule_profile.h"

namespace muster::api::muster_v1 {
namespace {

boost::json::object to_json(const sync::Coverage::OfRule& coverage, const std::vector<Rule>& rules) {
  boost::json::object json{{"devices", coverage.devices}, {"matches", coverage.matches}};
  boost::json::array shadows;
  for (const int place : coverage.shadowed_by)
    shadows.emplace_back(title_of(rules[static_cast<size_t>(place)]));
  if (!shadows.empty()) json["shadowed_by"] = std::move(shadows);
  return json;
}

Result<http::Response> rules_of(const Call& call, const Account& account, bool counts) {
  return call.store.read([&](Reader& reader) -> Result<http::Response> {
    MUSTER_TRY(const auto rules, reader.rules(account.id));
    std::optional<sync::Coverage> coverage;
    std::map<RuleId, std::map<ProfileStatus, long long>> statuses;
    std::vector<EnrolledOfRule> enrolled;
    std::map<RuleId, long long> late;
    if (counts) {
      MUSTER_TRY(coverage, sync::coverage_of(reader, account.id));
      MUSTER_TRY(auto devices, reader.devices_by_rule(account.id));
      for (auto& of : devices) statuses.emplace(of.rule, std::move(of.by_status));
      MUSTER_TRY(enrolled, reader.enrolled_by_rule(account.id));
      MUSTER_TRY(const auto in_time, sync::late_devices(reader, account, call.context.clock.now()));
      MUSTER_TRY(late, reader.not_enrolled(account.id, in_time));
    }
    boost::json::array list;
    for (size_t i = 0; i < rules.size(); ++i) {
      auto json = muster_v1::to_json(rules[i]);
      if (coverage) {
        for (auto& member : to_json(coverage->rules[i], rules)) json.insert(member);
        json["funnel"] = funnel_json(statuses[rules[i].id], enrolled_of(enrolled, rules[i].id));
        if (rules[i].enroll_within > Millis(0)) json["late"] = late[rules[i].id];
      }
      list.push_back(std::move(json));
    }
    boost::json::object answer{{"rules", std::move(list)}};
    if (coverage) {
      MUSTER_TRY(const auto device_counts, reader.device_counts(account.id));
      answer["covered_by_none"] = coverage->none;
      answer["uncovered"] = device_counts.uncovered;
    }
    return http::json_response(200, std::move(answer));
  });
}

}  // namespace

Result<http::Response> get_rules(const Call& call) {
  MUSTER_TRY(const bool counts, flag_in_query(call, "counts"));
  MUSTER_TRY(const auto account, account_of(call));
  if (!counts) return rules_of(call, account, false);
  return costly_answer(call, account.id, [&] { return rules_of(call, account, true); });
}

Result<http::Response> put_rule(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(auto wanted, rule_change(body));
  MUSTER_TRY(auto how, change_options(call, body));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(sync::check_rule_profile(call.store, call.context.services, account, wanted, call.context.stop));
  MUSTER_TRY(const auto applied, sync::apply_rule(call.store, account, wanted, std::move(how)));
  MUSTER_TRY(auto json, outcome_json(call, account, applied.outcome));
  if (applied.outcome.applied && wanted.profile_is_unchecked) {
    call.context.runs.wake(account.id, Lane::assignment);
    json["profile_unchecked"] = true;
  }
  json["rule"] = to_json(applied.rule);
  return http::json_response(200, std::move(json));
}

Result<http::Response> delete_rule(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto filter, string_field(body, "filter", false));
  MUSTER_TRY(const auto name, string_field(body, "name", false));
  if (filter.empty() == name.empty())
    return failure(Code::invalid, "specify \"filter\" or \"name\", not both");
  MUSTER_TRY(auto how, change_options(call, body));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto dropped, sync::drop_rule(call.store, account, filter, name, std::move(how)));
  MUSTER_TRY(auto json, outcome_json(call, account, dropped.outcome));
  json["rule"] = to_json(dropped.rule);
  return http::json_response(200, std::move(json));
}

}  // namespace muster::api::muster_v1
