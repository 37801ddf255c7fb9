#include "api/json/plan_query.h"

#include <boost/json.hpp>
#include <charconv>
#include <limits>

#include "api/body.h"
#include "api/json/plan.h"
#include "api/query.h"

namespace muster::api::muster_v1 {
namespace {

constexpr long long kNoLimit = std::numeric_limits<long long>::max();

tl::unexpected<Error> no_limit_of_preview() {
  return failure(Code::invalid, "\"max_changes\" has no effect: with \"dry_run\" nothing is changed",
                 "Leave one of them out");
}

}  // namespace

Result<sync::PlanQuery> plan_query(long long limit, const std::string& cursor) {
  std::int64_t after = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), after);
  if (!cursor.empty() && (error != std::errc() || end != cursor.data() + cursor.size() || after < 0))
    return failure(Code::invalid, "\"cursor\" is not the \"next_cursor\" of an earlier answer");
  return sync::PlanQuery{
      .totals = cursor.empty(), .devices = static_cast<size_t>(limit), .after = static_cast<DeviceId>(after)};
}

Result<sync::RuleChange> change_options(const Call& call, const boost::json::object& body) {
  sync::RuleChange change{.now = call.context.clock.now(), .rule_limit = call.context.rule_limit};
  MUSTER_TRY(change.preview, flag_field(body, "dry_run"));
  MUSTER_TRY(const auto most, number_field(body, "max_changes", 0, kNoLimit));
  if (body.contains("max_changes")) change.max_changes = most;
  if (change.preview && body.contains("max_changes")) return no_limit_of_preview();
  MUSTER_TRY(change.revision, optional_number_field(body, "revision"));
  MUSTER_TRY(const auto limit, number_field(body, "limit", 0, kMostListed));
  MUSTER_TRY(const auto cursor, string_field(body, "cursor", false));
  MUSTER_TRY(change.query, plan_query(limit, cursor));
  return change;
}

Result<sync::RuleChange> change_options_in_query(const Call& call) {
  sync::RuleChange change{.now = call.context.clock.now(), .rule_limit = call.context.rule_limit};
  MUSTER_TRY(change.preview, flag_in_query(call, "dry_run"));
  MUSTER_TRY(change.max_changes, number_in_query(call, "max_changes", 0, kNoLimit, kNoLimit));
  if (change.preview && call.request.query.get("max_changes")) return no_limit_of_preview();
  MUSTER_TRY(change.revision, optional_number_in_query(call, "revision"));
  MUSTER_TRY(const auto limit, number_in_query(call, "limit", 0, kMostListed, 0));
  MUSTER_TRY(change.query, plan_query(limit, call.request.query.get("cursor").value_or("")));
  return change;
}

Result<boost::json::object> outcome_json(const Call& call, const Account& account,
                                         const sync::RuleChangeOutcome& outcome, const Profile* undefined) {
  MUSTER_TRY(auto profiles, call.store.read([&](Reader& reader) { return reader.profiles(account.id); }));
  if (undefined) profiles.push_back(*undefined);
  if (outcome.applied && (outcome.plan.changes || outcome.plan.adopted)) work_soon(call, account.id);
  return boost::json::object{{"applied", outcome.applied},
                             {"plan", to_json(outcome.plan, profiles)},
                             {"revision", outcome.revision}};
}

}  // namespace muster::api::muster_v1
