// What operators see while an account has trouble with Apple, and afterwards.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Status : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "5"});
    start_muster();
    await_baseline(5);
    uuid_ = define_profile("*");
  }
  std::string status() const { return run_well("mdmctl get dep-status"); }

  void take_profile_away(const std::string& serial) {
    depsim().post("/control/clock", {{"advance", "1m"}});  // Apple's dates have whole seconds
    depsim().devices("set", {{"serials", to_json({serial})}, {"profile_status", "removed"}});
  }

  std::string uuid_;
};

TEST_F(Status, AResultIsWaitedFor) {
  depsim().add(3);
  EXPECT_EQ(run_well("mdmctl sync -wait"),
            "Pages  Devices  Arrivals  Left  Assigned  Failed  Waiting\n"
            "1      3        3         0     3         0       0\n");
  EXPECT_EQ(run_well("mdmctl sync"), "sync started\n");
  EXPECT_TRUE(comes_true([&] { return status().find("\ndefault  ok  ") != std::string::npos; }))
      << "the run ends";
  EXPECT_THAT(status(), HasSubstr("  8        0        0          0          depsim default\n"));
}

TEST_F(Status, UnsignedTermsAreSaidWithTheMendAndClearedByTheNextGoodAnswer) {
  depsim().add(2);
  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  const auto failed = run("mdmctl sync -wait");
  EXPECT_EQ(failed.exit, 1);
  EXPECT_THAT(failed.err, AllOf(HasSubstr("T_C_NOT_SIGNED"), HasSubstr("accept the new terms")));
  EXPECT_THAT(status(), AllOf(HasSubstr("terms_unsigned"), HasSubstr("accept the new terms")));
  EXPECT_EQ(muster().events("account.state").size(), 1U);
  run("mdmctl sync -wait");
  EXPECT_EQ(muster().events("account.state").size(), 1U) << "once a change";

  depsim().put("/control/accounts/default", {{"terms_signed", true}});
  run_well("mdmctl sync -wait");
  EXPECT_THAT(status(), AllOf(HasSubstr("\ndefault  ok  "), Not(HasSubstr("terms"))));
  EXPECT_EQ(depsim().count_with(uuid_), 2);
}

TEST_F(Status, APauseThatAppleAsksForIsKeptAlsoWhenAPersonAsksAndAfterARestart) {
  depsim().add_fault({{"endpoint", "sync"}, {"status", 429}, {"headers", {{"Retry-After", "3600"}}}});
  EXPECT_EQ(run("mdmctl sync -wait").exit, 1);
  const auto calls = depsim().all_calls();
  const auto again = run("mdmctl sync -wait");
  EXPECT_EQ(again.exit, 1);
  EXPECT_THAT(again.err, HasSubstr("Apple requested a pause until "));
  EXPECT_THAT(status(), AllOf(HasSubstr("throttled"), HasSubstr("not asked again before ")));
  stop_muster();
  start_muster();
  EXPECT_THAT(run("mdmctl sync -wait").err, HasSubstr("Apple requested a pause until "));
  EXPECT_EQ(depsim().all_calls(), calls);
}

TEST_F(Status, WithoutATokenSyncSaysWhatIsMissing) {
  MusterServer bare(
      {"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls=false", "-config-path", path("bare")});
  inspect_log_of(bare);
  const Environment there{{"MDMCTL_SERVER_URL", bare.url()}, {"MDMCTL_API_TOKEN", kApiKey}};
  EXPECT_THAT(run("mdmctl get dep-status", there).out, HasSubstr("not_configured"));
  const auto refused = run("mdmctl sync -wait", there);
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.err, HasSubstr("add a DEP token"));
}

TEST_F(Status, TheFullListFindsWhatTheListOfChangesNeverShowed) {
  depsim().devices("add", {{"count", 2}, {"baseline", true}});
  EXPECT_THAT(run_well("mdmctl sync -wait"), HasSubstr("0         0     0 "));
  EXPECT_THAT(run_well("mdmctl sync -wait -full"), HasSubstr("2         0     2 "));
  EXPECT_EQ(depsim().count_with(uuid_), 2);
}

TEST_F(Status, AProfileThatIsTakenAwayComesBackThreeTimesADayAndIsContestedThen) {
  const auto serial = depsim().add(1).front();
  run_well("mdmctl sync -wait");
  for (int repair = 1; repair <= 3; ++repair) {
    take_profile_away(serial);
    ASSERT_EQ(depsim().profile_of(serial), "");
    run_well("mdmctl sync -wait");
    EXPECT_EQ(depsim().profile_of(serial), uuid_) << repair;
  }
  take_profile_away(serial);
  run_well("mdmctl sync -wait");
  EXPECT_EQ(depsim().profile_of(serial), "");
  EXPECT_EQ(muster().events("device.contested").size(), 1U);
  EXPECT_THAT(status(), HasSubstr("6        0        0          1          depsim default\n"));

  // An operator decides.
  call("POST", "/v1/dep/assign", R"({"id":")" + uuid_ + R"(","serials":[")" + serial + R"("]})");
  EXPECT_EQ(depsim().profile_of(serial), uuid_);
  EXPECT_THAT(status(), HasSubstr("  0          depsim default\n"));
}

}  // namespace
}  // namespace muster::test
