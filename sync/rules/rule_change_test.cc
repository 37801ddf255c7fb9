// Configuration changes: preview, application and backfill.
#include "sync/rules/rule_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "base/log/log.h"
#include "sync/profiles/profile_move.h"
#include "sync/rules/backfill.h"
#include "sync/rules/rules.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/scripted_apple.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class RuleChanges : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    store_ = *test::open_store(directory_.path());
    account_.id = *store_->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); });
    account_.name = kDefaultAccount;
  }

  void add_devices(int count, const std::string& status = "empty", const std::string& profile = "",
                   const std::string& prefix = "S") {
    ASSERT_TRUE(store_->write(installation, [&](Writer& w) -> Result<> {
      for (int i = 0; i < count; ++i) {
        Device device;
        device.account = account_.id;
        device.serial = Serial(prefix + std::to_string(i));
        device.facts.profile_status = status;
        device.facts.profile_uuid = ProfileUuid(profile);
        device.first_seen = kNow;
        MUSTER_TRY(w.insert_device(device));
      }
      return {};
    }));
  }

  Result<AppliedRule> apply(const RuleEdit& wanted, RuleChange how = {}) {
    how.now = kNow;
    return apply_rule(*store_, account_, wanted, how);
  }
  static RuleEdit star(Rule::Scope scope, const char* profile = "P") {
    return {.filter = "*", .scope = scope, .profile = ProfileUuid(profile)};
  }

  // The assignment of a device is stored by another thread, as a lane would.
  Result<> store_assignment(const Serial& serial) {
    return std::async(std::launch::async,
                      [&] {
                        return store_->write(account_.id, [&](Writer& w) -> Result<> {
                          MUSTER_TRY(const auto devices, w.devices(account_.id, std::span(&serial, 1)));
                          Assignment assignment;
                          assignment.device = devices.at(0).id;
                          assignment.serial = serial;
                          assignment.account = account_.id;
                          assignment.profile = ProfileUuid("P");
                          assignment.created_at = kNow;
                          return w.put_assignment(assignment);
                        });
                      })
        .get();
  }

  // One step of the backfill.
  bool step() {
    apple::Service service(apple_.url(), Token{"CK", "CS", "AT", "AS", {}}, client_, clock_);
    return *backfill_step(
        RunContext{.store = *store_, .service = service, .clock = clock_, .account = account_});
  }
  Backfill backfill() {
    return *store_->read([&](Reader& r) { return r.backfill(account_.id); });
  }
  long long waiting() {
    return *store_->read([&](Reader& r) { return r.assignment_count(account_.id); });
  }
  std::vector<Rule> rules() {
    return *store_->read([&](Reader& r) { return r.rules(account_.id); });
  }

  const test::TempDir directory_;
  std::unique_ptr<Store> store_;
  Account account_;
  test::ScriptedApple apple_;
  http::Client client_;
  test::ManualClock clock_{kNow};
};

TEST_F(RuleChanges, APreviewLeavesNothing) {
  add_devices(3);
  const auto previewed = apply(star(Rule::Scope::all), {.preview = true, .query = {.devices = 2}});
  ASSERT_TRUE(previewed) << previewed.error().text();
  EXPECT_FALSE(previewed->outcome.applied);
  EXPECT_EQ(previewed->outcome.plan.changes, 3);
  EXPECT_EQ(previewed->outcome.plan.devices.size(), 2u);
  ASSERT_TRUE(previewed->outcome.plan.next);
  EXPECT_THAT(rules(), IsEmpty());
  EXPECT_EQ(backfill(), Backfill{});

  const RuleChange rest{.preview = true,
                        .query = {.totals = false, .devices = 2, .after = *previewed->outcome.plan.next}};
  const auto last = apply(star(Rule::Scope::all), rest);
  ASSERT_EQ(last->outcome.plan.devices.size(), 1u);
  EXPECT_EQ(last->outcome.plan.devices[0].serial, Serial("S2"));
  EXPECT_FALSE(last->outcome.plan.next);
}

TEST_F(RuleChanges, APreviewKeepsNoAssignmentFromBeingStored) {
  add_devices(3);
  const RuleChange change{.account = account_.id,
                          .apply = [&](Writer& writer) -> Result<> {
                            MUSTER_TRY(put_rule(writer, account_.id, star(Rule::Scope::all), kNow, 10));
                            return store_assignment(Serial("S1"));
                          },
                          .preview = true,
                          .now = kNow};
  const auto previewed = change_rules(*store_, change);
  ASSERT_TRUE(previewed) << previewed.error().text();
  EXPECT_EQ(previewed->plan.changes, 3);
  EXPECT_EQ(waiting(), 1);
  EXPECT_THAT(rules(), IsEmpty());
}

TEST_F(RuleChanges, NoMoreRulesThanAllowedAreAdded) {
  const auto rule = [](const std::string& filter, const char* profile = "P") {
    return RuleEdit{.filter = filter, .profile = ProfileUuid(profile)};
  };
  for (const char* serial : {"serial = A", "serial = B", "serial = C"}) ASSERT_TRUE(apply(rule(serial)));
  for (const bool preview : {false, true}) {
    const auto refused = apply(rule("serial = D"), {.preview = preview, .rule_limit = 3});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::conflict);
    EXPECT_EQ(refused.error().message, "the account has 3 rules; the limit of this server is 3");
  }
  // Who has more keeps them, changes them and removes them.
  ASSERT_TRUE(apply(rule("serial = B", "OTHER"), {.rule_limit = 2}));
  EXPECT_EQ(rules().at(1).profile, ProfileUuid("OTHER"));
  ASSERT_TRUE(drop_rule(*store_, account_, "serial = A", "", {.now = kNow, .rule_limit = 2}));
  EXPECT_FALSE(apply(rule("serial = D"), {.rule_limit = 2}));
  EXPECT_TRUE(apply(rule("serial = D"), {.rule_limit = 3}));
}

TEST_F(RuleChanges, MoreDevicesThanAgreedToAreNotChanged) {
  add_devices(3);
  const auto refused = apply(star(Rule::Scope::all), {.max_changes = 2});
  EXPECT_FALSE(refused->outcome.applied);
  EXPECT_EQ(refused->outcome.plan.changes, 3);
  EXPECT_THAT(rules(), IsEmpty());
  EXPECT_TRUE(apply(star(Rule::Scope::all), {.max_changes = 3})->outcome.applied);
}

TEST_F(RuleChanges, ScopeNewLeavesExistingDevicesAlone) {
  add_devices(3);
  const auto made = apply(star(Rule::Scope::arrivals));
  EXPECT_TRUE(made->outcome.applied);
  EXPECT_EQ(made->outcome.plan.changes, 0);
  EXPECT_EQ(backfill(), Backfill{});
}

TEST_F(RuleChanges, TheBackfillTakesAThousandDevicesAStep) {
  add_devices(2500);
  ASSERT_TRUE(apply(star(Rule::Scope::unassigned)));
  EXPECT_EQ(backfill().planned, 2500);
  EXPECT_TRUE(step());
  EXPECT_EQ(waiting(), 1000);
  store_.reset();
  store_ = *test::open_store(directory_.path());  // a restart
  EXPECT_TRUE(step());
  EXPECT_EQ(backfill().changed, 2000);
  EXPECT_FALSE(step());
  EXPECT_EQ(waiting(), 2500);
  EXPECT_EQ(backfill(), Backfill{});
}

TEST_F(RuleChanges, ABackfillCanBePausedAndCancelled) {
  add_devices(1500);
  ASSERT_TRUE(apply(star(Rule::Scope::all)));
  ASSERT_TRUE(step());
  ASSERT_TRUE(pause_backfill(*store_, account_.id, clock_.now()));
  EXPECT_FALSE(step());
  EXPECT_EQ(waiting(), 1000);
  ASSERT_TRUE(resume_backfill(*store_, account_.id, clock_.now()));
  ASSERT_TRUE(cancel_backfill(*store_, account_.id, clock_.now()));
  EXPECT_FALSE(step());
  EXPECT_EQ(waiting(), 1000);
  EXPECT_EQ(resume_backfill(*store_, account_.id, clock_.now()).error().code, Code::not_found);
  // Applying the rule once more takes up what was left.
  EXPECT_EQ(apply(star(Rule::Scope::all))->outcome.plan.changes, 500);
}

TEST_F(RuleChanges, WhatABrokenRuleDecidesWaitsForItsProfileOrABetterOne) {
  add_devices(3);
  ASSERT_TRUE(apply(star(Rule::Scope::all)));
  auto broken = rules().at(0);
  broken.broken = "PROFILE_NOT_FOUND";
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) { return w.put_rule(broken); }));
  EXPECT_FALSE(step());
  EXPECT_EQ(backfill(), Backfill{});
  EXPECT_EQ(waiting(), 3);
  ASSERT_TRUE(apply(star(Rule::Scope::all, "BETTER")));
  EXPECT_FALSE(step());
  EXPECT_EQ(waiting(), 3);
  EXPECT_EQ(store_->read([](Reader& r) { return r.device(DeviceId{1}); }).value()->desired.profile,
            ProfileUuid("BETTER"));
}

TEST_F(RuleChanges, WhatADeviceHasAlreadyIsAdoptedWithoutACall) {
  add_devices(2, "assigned", "P");
  const auto made = apply(star(Rule::Scope::all));
  EXPECT_EQ(made->outcome.plan.changes, 0);
  EXPECT_EQ(made->outcome.plan.adopted, 2);
  EXPECT_FALSE(step());
  EXPECT_EQ(waiting(), 0);
  const auto device = *store_->read([](Reader& r) { return r.device(DeviceId{1}); });
  EXPECT_EQ(device->desired.by, Desired::By::rule);
}

TEST_F(RuleChanges, RulesOfOneNameOrFilterAreOne) {
  ASSERT_TRUE(apply({.filter = "family = Mac", .name = "macs", .priority = 7, .profile = ProfileUuid("P")}));
  ASSERT_TRUE(apply({.filter = "family = Mac", .profile = ProfileUuid("Q")}));  // as MicroMDM does it
  ASSERT_EQ(rules().size(), 1u);
  EXPECT_EQ(rules()[0].name, "macs");
  EXPECT_EQ(rules()[0].priority, 7);
  EXPECT_EQ(rules()[0].version, 2);
  ASSERT_TRUE(apply({.filter = "family = iPad", .name = "macs"}));
  EXPECT_EQ(rules()[0].filter, "family = iPad");
  EXPECT_EQ(rules()[0].profile, ProfileUuid("Q"));
  ASSERT_TRUE(apply({.filter = "family = Mac", .profile = ProfileUuid("P")}));
  const auto both = apply({.filter = "family = Mac", .name = "macs"});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code, Code::conflict);
  EXPECT_EQ(apply({.name = "nobody"}).error().code, Code::not_found);
}

TEST_F(RuleChanges, WhatCannotBeIsRejected) {
  const auto refused = [&](const RuleEdit& wanted) {
    const auto applied = apply(wanted);
    return applied ? Code::internal : applied.error().code;
  };
  EXPECT_EQ(refused({.filter = "famly = iPad", .profile = ProfileUuid("P")}), Code::invalid);
  EXPECT_EQ(refused({.filter = "*"}), Code::invalid);
  EXPECT_EQ(refused({.filter = "*", .profile = ProfileUuid()}), Code::invalid);
  EXPECT_EQ(refused({.filter = "*", .priority = -1, .profile = ProfileUuid("P")}), Code::invalid);
  EXPECT_EQ(refused({.filter = "*", .profile = ProfileUuid("P"), .no_profile = true}), Code::invalid);
  EXPECT_EQ(refused({.filter = "*", .scope = Rule::Scope::all, .no_profile = true}), Code::invalid);
  EXPECT_EQ(refused({.filter = "*", .name = std::string("a\nb"), .profile = ProfileUuid("P")}),
            Code::invalid);
  EXPECT_EQ(refused({.filter = "*", .profile_name = "Nobody"}), Code::not_found);
  EXPECT_EQ(refused({.filter = "serial in @nobody", .profile = ProfileUuid("P")}), Code::invalid);
}

TEST_F(RuleChanges, ANewVersionTakesTheOldOnesDevicesWhenAsked) {
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) -> Result<> {
    for (int version = 1; version <= 2; ++version) {
      const ProfileUuid uuid("V" + std::to_string(version));
      MUSTER_TRY(w.put_profile(
          {.account = account_.id, .uuid = uuid, .name = "Lab", .version = version, .document = "{}"}));
      MUSTER_TRY(w.set_current_profile(account_.id, "Lab", uuid));
    }
    return {};
  }));
  add_devices(2, "assigned", "V1");
  add_devices(1, "assigned", "FOREIGN", "F");
  const RuleChange move{.account = account_.id,
                        .apply = [&](Writer& w) { return move_to_current(w, account_.id, "Lab"); },
                        .now = kNow};
  const auto moved = change_rules(*store_, move);
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(moved->plan.changes, 2);
  EXPECT_FALSE(step());
  EXPECT_EQ(waiting(), 2);
  EXPECT_TRUE((*store_->read([&](Reader& r) { return r.profile_moves(account_.id); })).empty());
}

}  // namespace
}  // namespace muster::sync
