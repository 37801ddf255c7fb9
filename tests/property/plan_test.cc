// A plan leaves out devices before the rules are tried on them. What is left is decided as if all had been
// tried.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "filter/text.h"
#include "sync/rules/plan.h"
#include "tests/property/filter_world.h"

namespace muster::property {
namespace {

using Decided = std::vector<std::pair<DeviceId, assign::Decision>>;
using By = Desired::By;

const std::vector<ProfileUuid> kProfiles = {ProfileUuid(), ProfileUuid("A"), ProfileUuid("B"),
                                            ProfileUuid("it's")};

// What a device's history may have led to, and some that no history does.
void decide_somehow(Device& device) {
  device.facts.profile_status = pick<std::string>({"", "empty", "assigned", "pushed", "removed", "Assigned"});
  device.facts.profile_uuid = pick(kProfiles);
  device.desired.by = pick<By>({By::nobody, By::rule, By::manual, By::hold});
  device.desired.profile = pick(kProfiles);
  device.desired.rule = RuleId{*rc::gen::inRange(0, 6)};
}

std::vector<Rule> any_rules() {
  using Scope = Rule::Scope;
  std::vector<Rule> rules;
  for (int left = *rc::gen::inRange(0, 6); left > 0; --left)
    rules.push_back({.id = RuleId{static_cast<std::int64_t>(rules.size()) + 1},
                     .filter = chance(4)    ? "*"
                               : chance(10) ? "of a newer muster"
                                            : assign::to_text(any_expression(2)),
                     .scope = pick<Scope>({Scope::arrivals, Scope::unassigned, Scope::all}),
                     .profile = pick(kProfiles)});
  return rules;
}

// Some devices wait for Apple.
Result<> put_assignments(Writer& w, AccountId account) {
  MUSTER_TRY(const auto ids, w.device_ids(account));
  for (const DeviceId id : ids) {
    if (chance(2)) continue;
    Assignment assignment;
    assignment.device = id;
    assignment.account = account;
    assignment.profile = ProfileUuid("A");
    assignment.state = pick<Assignment::State>({Assignment::State::due, Assignment::State::in_flight});
    MUSTER_TRY(w.put_assignment(assignment));
  }
  return {};
}

Decided decided_by_plan(Reader& reader, AccountId account, const assign::Rules& rules) {
  Decided all;
  const auto done =
      sync::decide_all(reader, account, rules, DeviceId{},
                       [&](const Standing& standing, const assign::Decision& decision) -> Result<bool> {
                         all.emplace_back(standing.device, decision);
                         return true;
                       });
  RC_ASSERT(done.has_value());
  return all;
}

Decided decided_one_by_one(Reader& reader, AccountId account, const assign::Rules& rules,
                           const ProfileMoves& moves) {
  const auto page =
      reader.standings({.account = account, .filters = rules.expressions(), .limit = 1000, .reaches = {}});
  RC_ASSERT(page.has_value() && !page->next);
  Decided all;
  for (const auto& standing : page->standings)
    if (const auto decision = assign::decide_standing(rules.in_order(), standing, moves))
      all.emplace_back(standing.device, *decision);
  return all;
}

// SQL and C++ agree on the first rule that covers a device, unreadable ones among them.
RC_GTEST_PROP(Plan, FindsTheSameFirstRuleAsTheSync, ()) {
  const auto devices = any_devices();
  std::vector<assign::Rules> cases;
  for (int i = 0; i < 5; ++i) cases.emplace_back(any_rules());
  world().with(devices, [&](Writer& w, AccountId account) {
    for (const auto& rules : cases) {
      const auto page =
          w.standings({.account = account, .filters = rules.expressions(), .limit = 1000, .reaches = {}});
      RC_ASSERT(page.has_value());
      for (const auto& standing : page->standings) {
        const auto known = std::find_if(devices.begin(), devices.end(), [&](const Known& candidate) {
          return candidate.device.serial == standing.serial;
        });
        RC_ASSERT(known != devices.end());
        RC_ASSERT(standing.rule == rules.first_covering({.device = known->device,
                                                         .account = kSchool,
                                                         .enrollment = enrollment_of(*known),
                                                         .note = &known->note,
                                                         .lists = &known->lists}));
      }
    }
  });
}

RC_GTEST_PROP(Plan, LeavesOutOnlyWhatNoRuleChanges, ()) {
  auto devices = any_devices();
  for (auto& known : devices) decide_somehow(known.device);
  std::vector<assign::Rules> cases;
  for (int i = 0; i < 5; ++i) cases.emplace_back(any_rules());
  const ProfileMoves moves = chance(4) ? ProfileMoves{{ProfileUuid("A"), ProfileUuid("B")}} : ProfileMoves{};
  world().with(devices, [&](Writer& w, AccountId account) {
    RC_ASSERT(put_assignments(w, account).has_value());
    RC_ASSERT(w.put_profile_moves(account, moves).has_value());
    for (const auto& rules : cases) {
      for (const auto& rule : rules.in_order())
        RC_LOG() << rule.filter << " -> " << rule.profile.str() << ", scope " << static_cast<int>(rule.scope)
                 << "\n";
      RC_ASSERT(decided_by_plan(w, account, rules) == decided_one_by_one(w, account, rules, moves));
    }
  });
}

}  // namespace
}  // namespace muster::property
