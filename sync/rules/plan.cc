#include "sync/rules/plan.h"

#include <map>
#include <tuple>

namespace muster::sync {
namespace {

// Rows of one step. More cost memory and, in a backfill that changes most of them, reading again.
constexpr size_t kPlanStep = 2000;

ProfileUuid profile_of(const Standing& standing) {
  if (!standing.desired.profile.empty()) return standing.desired.profile;
  return standing.has_profile() ? standing.profile_uuid : ProfileUuid();
}

}  // namespace

bool is_change(const Standing& standing, const assign::Decision& decision) {
  if (decision.profile.empty()) return !standing.desired.profile.empty();
  return !standing.has_profile(decision.profile);
}

Result<DeviceId> decide_all(
    Reader& reader, AccountId account, const assign::Rules& rules, DeviceId after,
    const std::function<Result<bool>(const Standing&, const assign::Decision&)>& take) {
  MUSTER_TRY(const auto moves, reader.profile_moves(account));
  StandingQuery query{.account = account, .filters = rules.expressions(), .after = after, .limit = kPlanStep};
  // Nobody but those who wait can change: a short list.
  query.waiting_only = moves.empty() && !rules.any_is_wide();
  if (moves.empty()) query.reaches = rules.reaches();
  for (;;) {
    MUSTER_TRY(const auto page, reader.standings(query));
    for (const auto& standing : page.standings) {
      query.after = standing.device;
      const auto decision = assign::decide_standing(rules.in_order(), standing, moves);
      if (!decision) continue;
      MUSTER_TRY(const bool go_on, take(standing, *decision));
      if (!go_on) return query.after;
    }
    if (!page.next) return query.after;
    query.after = *page.next;
  }
}

Result<Plan> make_plan(Reader& reader, AccountId account, const PlanQuery& query) {
  MUSTER_TRY(auto stored, reader.rules(account));
  const assign::Rules rules(std::move(stored));
  Plan plan;
  plan.rules.assign(rules.in_order().begin(), rules.in_order().end());
  std::map<std::tuple<RuleId, ProfileUuid, ProfileUuid>, long long> groups;
  const auto after = query.totals ? DeviceId{} : query.after;
  MUSTER_TRY(decide_all(reader, account, rules, after,
                        [&](const Standing& standing, const assign::Decision& decision) -> Result<bool> {
                          if (!is_change(standing, decision)) {
                            ++plan.adopted;
                            return true;
                          }
                          const PlannedChange change{standing.device, standing.serial, profile_of(standing),
                                                     decision.profile, decision.rule};
                          if (plan.devices.size() < query.devices && standing.device > query.after)
                            plan.devices.push_back(change);
                          else if (!plan.next && !plan.devices.empty() && standing.device > query.after)
                            plan.next = plan.devices.back().device;
                          if (!query.totals) return !plan.next;
                          ++plan.changes;
                          ++groups[{change.rule, change.from, change.to}];
                          return true;
                        }));
  for (const auto& [key, devices] : groups)
    plan.groups.push_back({std::get<1>(key), std::get<2>(key), std::get<0>(key), devices});
  return plan;
}

}  // namespace muster::sync
