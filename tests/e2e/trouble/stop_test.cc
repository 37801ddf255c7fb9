// Signals: the server stops soon, whatever is in progress, and continues after a restart.
#include <csignal>

#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

// What users may rely on (design: `muster serve` ends in under 2 s).
constexpr auto kStopsWithin = 2s;

class Stop : public World {
 protected:
  void expect_held() {
    ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); })) << muster().output();
  }
  void expect_soon_stopped() {
    muster().send_signal(SIGTERM);
    EXPECT_EQ(muster().wait_exit(kStopsWithin), 0) << muster().output();
  }
};

TEST_F(Stop, WithNothingToDo) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  expect_soon_stopped();
}

TEST_F(Stop, BySigintToo) {
  start_depsim();
  start_muster();
  muster().send_signal(SIGINT);
  EXPECT_EQ(muster().wait_exit(kStopsWithin), 0) << muster().output();
}

TEST_F(Stop, WhileTheFirstPageIsOnItsWay) {
  start_depsim({"-devices", "5"});
  depsim().hold("fetch");
  start_muster();
  expect_held();
  expect_soon_stopped();
}

TEST_F(Stop, WhileAppleIsSlowForEveryCall) {
  start_depsim({"-devices", "5000", "-latency", "300ms"});
  start_muster();
  muster().await("sync.page");
  expect_soon_stopped();
}

TEST_F(Stop, WhileAnAssignCallIsOnItsWay) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  const auto uuid = define_profile("*");
  depsim().add(4);
  depsim().hold("assign", "after");
  sync_now();
  expect_held();
  expect_soon_stopped();

  start_muster();
  await_assigned(4, uuid);
  EXPECT_EQ(depsim().calls("PUT /profile/devices"), 1);
}

TEST_F(Stop, WhilePeopleWaitForApple) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  depsim().hold("account");
  Process person({binary("mdmctl"), "get", "dep-account"}, {{"HOME", path("home")}});
  expect_held();
  expect_soon_stopped();
  EXPECT_EQ(person.wait_exit(kDeadline), 1) << person.output();
  EXPECT_FALSE(person.err().empty());
}

TEST_F(Stop, AndStartDoesNotReadTheListAgain) {
  start_depsim({"-devices", "2500"});
  start_muster();
  await_baseline(2500);
  const auto uuid = define_profile("*");
  stop_muster();
  const long long fetched = depsim().calls("POST /server/devices");
  const long long synced = depsim().calls("POST /devices/sync");
  depsim().add(2);
  start_muster();
  await_assigned(2, uuid);
  EXPECT_EQ(depsim().calls("POST /server/devices"), fetched);
  EXPECT_EQ(depsim().calls("POST /devices/sync"), synced + 1);
}

TEST_F(Stop, NotBySighupWhichSyncs) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  const auto uuid = define_profile("*");
  depsim().add(2);
  muster().send_signal(SIGHUP);
  await_assigned(2, uuid);
  EXPECT_EQ(muster().events("server.sync_signal").size(), 1U);
}

}  // namespace
}  // namespace muster::test
