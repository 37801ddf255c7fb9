// What the rules would change among the existing devices, counted and listed.
#include "sync/rules/plan.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using Scope = Rule::Scope;
using testing::ElementsAre;
using testing::IsEmpty;

class Plans : public test::AccountFixture {
 protected:
  Rule rule(const std::string& filter, Scope scope, const std::string& profile = "RULE") {
    return add_rule(
        {.filter = filter, .priority = ++priority_, .scope = scope, .profile = ProfileUuid(profile)});
  }
  Plan plan(const PlanQuery& query = {}) {
    return read([&](Reader& r) { return make_plan(r, account_.id, query); });
  }
  static std::vector<std::string> serials(const Plan& plan) {
    std::vector<std::string> all;
    for (const auto& change : plan.devices) all.push_back(change.serial.str());
    return all;
  }
  static std::string text(const PlannedGroup& group) {
    return group.from.str() + " -> " + group.to.str() + ": " + std::to_string(group.devices);
  }

  int priority_ = 0;
};

TEST_F(Plans, WithoutRulesOrDevicesNothingChanges) {
  EXPECT_EQ(plan().changes + plan().adopted, 0);
  add_device("A");
  EXPECT_EQ(plan().changes + plan().adopted, 0);
}

TEST_F(Plans, ARuleForArrivalsChangesNobodyWhoIsThere) {
  add_device("A");
  const auto made = rule("*", Scope::arrivals);
  EXPECT_EQ(plan().changes, 0);
  EXPECT_THAT(plan().rules, ElementsAre(made));
}

TEST_F(Plans, CountsChangesAndAdoptions) {
  add_device("WITHOUT");
  add_device("OTHER", "pushed", "OTHER");
  add_device("HAS", "pushed", "RULE");
  rule("*", Scope::unassigned);
  EXPECT_EQ(plan().changes, 1);
  EXPECT_EQ(plan().adopted, 0);
  rule("serial = HAS or serial = OTHER", Scope::all);
  EXPECT_EQ(plan().changes, 1) << "the first rule that covers a device is its rule";
  priority_ = -1;
  rule("serial = HAS or serial = OTHER", Scope::all);
  EXPECT_EQ(plan().changes, 2);
  EXPECT_EQ(plan().adopted, 1);
}

TEST_F(Plans, GroupsThoseThatChangeAlike) {
  add_device("A1");
  add_device("A2");
  add_device("B", "pushed", "OTHER");
  const auto all = rule("*", Scope::all);
  const auto made = plan();
  ASSERT_EQ(made.groups.size(), 2u);
  EXPECT_EQ(text(made.groups[0]), " -> RULE: 2");
  EXPECT_EQ(text(made.groups[1]), "OTHER -> RULE: 1");
  EXPECT_EQ(made.groups[0].rule, all.id);
}

TEST_F(Plans, SaysWhatADeviceWasToHaveRatherThanWhatItHas) {
  add_device("A", "pushed", "HAS");
  change_device("A", [&](Device& d) {
    d.desired = {Desired::By::rule, ProfileUuid("WAS_TO"), RuleId{99}, clock_.now()};
  });
  rule("*", Scope::all);
  EXPECT_EQ(text(plan().groups.at(0)), "WAS_TO -> RULE: 1");
}

TEST_F(Plans, ListsNoMoreDevicesThanAskedForAndGoesOn) {
  for (const char* serial : {"A", "B", "C"}) add_device(serial);
  rule("*", Scope::all);
  EXPECT_THAT(serials(plan()), IsEmpty());
  const auto first = plan({.devices = 2});
  EXPECT_THAT(serials(first), ElementsAre("A", "B"));
  ASSERT_TRUE(first.next);
  const auto rest = plan({.totals = false, .devices = 2, .after = *first.next});
  EXPECT_THAT(serials(rest), ElementsAre("C"));
  EXPECT_FALSE(rest.next);
}

TEST_F(Plans, AListThatHoldsAllHasNoContinuation) {
  for (const char* serial : {"A", "B"}) add_device(serial);
  rule("*", Scope::all);
  EXPECT_FALSE(plan({.devices = 2}).next);
  EXPECT_FALSE(plan({.totals = false, .devices = 2}).next);
}

TEST_F(Plans, TotalsCountAllDevicesWhereverTheListBegins) {
  const auto first = add_device("A");
  add_device("B");
  rule("*", Scope::all);
  const auto made = plan({.devices = 5, .after = first.id});
  EXPECT_EQ(made.changes, 2);
  EXPECT_THAT(serials(made), ElementsAre("B"));
}

TEST_F(Plans, ARuleWithoutAProfileTakesNoneAway) {
  add_device("WITHOUT");
  add_device("WITH", "pushed", "OTHER");
  add_rule({.filter = "*", .scope = Scope::unassigned, .no_profile = true});
  const auto made = plan();
  EXPECT_EQ(made.changes, 0);
  EXPECT_EQ(made.adopted, 1);
}

TEST_F(Plans, ARuleWhoseFilterCannotBeReadChangesNobodyAndShadowsTheRest) {
  add_device("A");
  write([&](Writer& w) {
    Rule newer{.account = account_.id,
               .filter = "of a newer muster",
               .priority = 0,
               .scope = Scope::all,
               .profile = ProfileUuid("NEWER")};
    return w.put_rule(newer);
  });
  rule("*", Scope::all);
  EXPECT_EQ(plan().changes, 0);
  EXPECT_FALSE(plan().rules.at(0).filter_error.empty());
}

}  // namespace
}  // namespace muster::sync
