// The main workflow: every new device gets its profile, and no other device does.
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

class MainJob : public World {};

TEST_F(MainJob, AssignsExactlyTheArrivalsInOneRunAndThreeCalls) {
  start_depsim({"-devices", "5000"});
  start_muster();
  await_baseline(5000);
  const auto uuid = define_profile("*");
  depsim().add(2500);
  const size_t mark = muster().mark();
  sync_now();

  const auto done =
      muster().await("sync.done", mark, [](const LogLine& line) { return line.number("arrivals") > 0; });
  EXPECT_EQ(done.number("pages"), 3);
  EXPECT_EQ(done.number("arrivals"), 2500);
  EXPECT_EQ(done.number("calls"), 3);
  EXPECT_EQ(done.number("assigned"), 2500);
  EXPECT_EQ(done.number("confirmed"), 2500);
  EXPECT_EQ(done.number("waiting"), 0);

  const auto assigned = depsim().assigned();
  EXPECT_EQ(assigned.calls, 3);
  EXPECT_EQ(assigned.most_in_one_call, 1000);
  EXPECT_EQ(assigned.successes, 2500);
  const auto baseline = depsim().get("/control/accounts/default/summary").at("by_status").at("empty");
  EXPECT_EQ(baseline.to_number<long long>(), 5000);
  EXPECT_EQ(depsim().count_with(uuid), 2500);
}

TEST_F(MainJob, TakesThePageLimitThatAppleNames) {
  start_depsim({"-devices", "250", "-page-limit", "100"});
  start_muster();
  await_baseline(250);
  const auto uuid = define_profile("*");
  depsim().add(250);
  const size_t mark = muster().mark();
  sync_now();
  await_assigned(250, uuid, mark);
  EXPECT_EQ(muster().events("sync.page", mark).size(), 3U);
  EXPECT_EQ(depsim().assigned().calls, 1);
}

TEST_F(MainJob, TakesOverSessionsThatAppleReplaces) {
  start_depsim({"-devices", "2500", "-rotate-every", "1", "-rotate-grace", "0s"});
  start_muster();
  await_baseline(2500);
  const auto uuid = define_profile("*");
  depsim().add(1200);
  sync_now();
  await_assigned(1200, uuid);
  EXPECT_EQ(depsim().assigned().calls, 2);
  EXPECT_TRUE(muster().events("sync.failed").empty());
}

TEST_F(MainJob, ManyRequestsAtOnceMakeFewRuns) {
  start_depsim({"-devices", "10"});
  start_muster();
  await_baseline(10);
  const auto uuid = define_profile("*");
  depsim().add(1);
  depsim().put("/control/settings", {{"latency", "100ms"}});
  const long long before = depsim().calls("POST /devices/sync");
  for (int i = 0; i < 30; ++i) sync_now();
  await_assigned(1, uuid);
  depsim().put("/control/settings", {{"latency", "0s"}});
  EXPECT_LE(depsim().calls("POST /devices/sync") - before, 3);
}

TEST_F(MainJob, ASyncRequestIsAnsweredWhateverAppleDoes) {
  start_depsim({"-devices", "1"});
  start_muster();
  await_baseline(1);
  depsim().hold("sync");
  sync_now();
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  // The run waits for Apple for as long as the test lasts.
  EXPECT_EQ(call("POST", "/v1/dep/syncnow").status, 200);
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
}

TEST_F(MainJob, RunsByItselfAgain) {
  start_depsim({"-devices", "1"});
  start_muster({"-sync-interval", "10s"});
  await_baseline(1);
  const auto uuid = define_profile("*");
  depsim().add(2);
  await_assigned(2, uuid);
}

}  // namespace
}  // namespace muster::test
