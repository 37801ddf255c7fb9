// Backfill in the whole server: thousands of devices, SIGKILL, pause and cancellation.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

class BackfillOfDevices : public World {
 protected:
  void start(long long devices) {
    start_depsim({"-devices", std::to_string(devices)});
    start_muster();
    await_baseline(devices);
    profile_ = define_profile();
  }
  std::string apply(const std::string& more) const {
    return "mdmctl apply dep-autoassigner -uuid " + profile_ + " -scope all " + more;
  }
  bool is_over() const { return run("mdmctl get backfill").out == "No backfill is under way.\n"; }

  std::string profile_;
};

TEST_F(BackfillOfDevices, SurvivesAKillAndAssignsNobodyTwice) {
  start(3500);
  depsim().hold("assign", "after", 1);  // the second call has its effect, and no answer
  run_well(apply("-yes"));
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  kill_muster();
  start_muster();
  await_assigned(3500, profile_);
  EXPECT_TRUE(comes_true([&] { return is_over(); }));
  const auto assigned = depsim().assigned();
  EXPECT_EQ(assigned.calls, 4);
  EXPECT_EQ(assigned.serials, 3500) << "nobody twice";
}

TEST_F(BackfillOfDevices, AsksBeforeManyChange) {
  start(101);
  const auto before = depsim().all_calls();
  EXPECT_EQ(run(apply("-dry-run")).out.substr(0, 26), "101 devices would change:\n");
  const auto refused = run(apply(""));
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.err, HasSubstr("Add -yes"));
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), testing::Not(HasSubstr(profile_)));
  EXPECT_EQ(depsim().all_calls(), before);
  run_well(apply("-yes"));
  await_assigned(101, profile_);
}

TEST_F(BackfillOfDevices, WaitsWhilePausedAndLetsArrivalsThrough) {
  start(1500);
  depsim().hold("assign", "before");
  run_well(apply("-yes"));
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  EXPECT_THAT(run_well("mdmctl pause backfill"), HasSubstr("1000 of 1500 devices decided, paused"));
  kill_muster();
  start_muster();  // the held call is over; the pause is not
  await_assigned(1000, profile_);
  depsim().add(2);
  sync_now();
  await_assigned(1002, profile_);
  EXPECT_THAT(run_well("mdmctl get backfill"), HasSubstr("paused"));
  run_well("mdmctl resume backfill");
  await_assigned(1502, profile_);
}

TEST_F(BackfillOfDevices, LeavesTheRestAsTheyAreWhenCancelled) {
  start(1500);
  depsim().hold("assign", "before");
  run_well(apply("-yes"));
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  EXPECT_EQ(run_well("mdmctl cancel backfill"), "No backfill is under way.\n");
  kill_muster();
  start_muster();
  await_assigned(1000, profile_);
  EXPECT_THAT(run_well("mdmctl plan"), HasSubstr("500 devices would change"));
}

}  // namespace
}  // namespace muster::test
