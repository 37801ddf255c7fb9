// Apple rejects calls, does not answer, or answers late: no device is lost, and nothing is sent twice.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Trouble : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "5"});
    start_muster();
    await_baseline(5);
    uuid_ = define_profile("*");
  }

  // Milliseconds from the first call that a fault answered to the call after it.
  long long wait_after_fault() {
    const auto log = depsim().get("/control/calls/log?limit=1000");
    const auto& calls = log.at("calls").as_array();
    for (size_t i = 0; i + 1 < calls.size(); ++i)
      if (calls[i].as_object().contains("fault"))
        return calls[i + 1].at("time_ms").as_int64() - calls[i].at("time_ms").as_int64();
    ADD_FAILURE() << "no call after the fault";
    return 0;
  }

  std::string uuid_;
};

TEST_F(Trouble, ACursorThatExpiredWhileTheServerWasDownLosesNoDevice) {
  const auto gone = depsim().serials().front();
  stop_muster();
  depsim().add(3);
  depsim().devices("remove", {{"serials", to_json({gone})}});
  depsim().post("/control/clock", {{"advance", "8d"}});
  depsim().add(2);

  start_muster();
  await_assigned(5, uuid_);
  EXPECT_EQ(muster().await("sync.cursor_rejected").field("apple_code"), "EXPIRED_CURSOR");
  EXPECT_EQ(depsim().assigned().serials, 5) << "none of the baseline";
  const auto list = run_well("mdmctl get dep-devices");
  EXPECT_THAT(list, Not(HasSubstr(gone)));
}

TEST_F(Trouble, SyncIsAskedAgainNotBeforeAppleAllowsIt) {
  depsim().add(3);
  depsim().add_fault({{"endpoint", "sync"}, {"status", 503}, {"headers", {{"Retry-After", "3"}}}});
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_GE(wait_after_fault(), 2900);  // depsim's clock and the server's are read at different moments
}

TEST_F(Trouble, AssigningIsTriedAgainNotBeforeAppleAllowsIt) {
  depsim().add(3);
  depsim().add_fault({{"endpoint", "assign"}, {"status", 503}, {"headers", {{"Retry-After", "3"}}}});
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_GE(wait_after_fault(), 2900);
  EXPECT_EQ(depsim().assigned().successes, 3);
}

TEST_F(Trouble, RefusalsInARowLoseNothing) {
  depsim().add(3);
  depsim().add_fault({{"endpoint", "sync"}, {"status", 500}});
  depsim().add_fault({{"endpoint", "assign"}, {"status", 429}});
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_EQ(depsim().assigned().successes, 3);
}

TEST_F(Trouble, ASessionThatEndsIsReplacedAtOnce) {
  depsim().add(3);
  depsim().post("/control/sessions/invalidate", boost::json::object());
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_TRUE(muster().events("sync.failed").empty());
}

TEST_F(Trouble, DevicesThatFailedWaitAndAreShown) {
  const auto added = depsim().add(5);
  depsim().add_fault({{"endpoint", "assign"}, {"results", {{added[1], "FAILED"}, {added[3], nullptr}}}});
  const size_t mark = muster().mark();
  sync_now();
  auto done =
      muster().await("sync.done", mark, [](const LogLine& line) { return line.number("arrivals") == 5; });
  EXPECT_EQ(done.number("assigned"), 3);
  EXPECT_EQ(done.number("failed"), 2);
  EXPECT_EQ(done.number("waiting"), 2);
  for (size_t i = 0; i < added.size(); ++i) {
    if (i == 1 || i == 3) continue;
    EXPECT_EQ(depsim().profile_of(added[i]), uuid_) << added[i];
  }

  const auto reason = run_well(
      "curl -sS -u micromdm:$APIKEY $SERVER_URL/api/v1/devices | jq -r '.devices[] | "
      "select(.assignment) | .serial_number + \" \" + .assignment.last_answer'");
  EXPECT_THAT(reason, HasSubstr(added[1] + " FAILED\n"));
  EXPECT_THAT(reason, HasSubstr(added[3] + " no answer for this serial\n"));
  EXPECT_EQ(muster().events("assign.rejected", mark).size(), 2U);

  // They have a wait of their own, which another run, or another server, does not cut short.
  const size_t later = muster().mark();
  sync_now();
  done = muster().await("sync.done", later);
  EXPECT_EQ(done.number("calls"), 0);
  EXPECT_EQ(done.number("waiting"), 2);
  stop_muster();
  start_muster();
  done = muster().await("sync.done");
  EXPECT_EQ(done.number("calls"), 0);
  EXPECT_EQ(done.number("waiting"), 2);
}

TEST_F(Trouble, AProfileThatAppleForgotLeavesItsDevicesWaiting) {
  // Of a paused account Apple is not asked, so that the rule is saved.
  run_well("mdmctl apply dep-account -name default -paused");
  run_well("mdmctl apply dep-autoassigner -uuid 0123456789ABCDEF0123456789ABCDEF");
  run_well("mdmctl apply dep-account -name default -paused=false");
  muster().await("rule.broken");
  const auto added = depsim().add(3);
  size_t mark = muster().mark();
  sync_now();
  EXPECT_EQ(muster()
                .await("sync.done", mark, [](const LogLine& l) { return l.number("arrivals") == 3; })
                .number("waiting"),
            3);
  EXPECT_EQ(muster().events("rule.broken").size(), 1U);

  // The remedy: another profile for the filter. Those that wait get it, too.
  run_well("mdmctl apply dep-autoassigner -uuid " + uuid_);
  sync_now();
  await_assigned(3, uuid_);
}

TEST_F(Trouble, ADeviceThatLeftIsWaitedForNoMore) {
  const auto added = depsim().add(2);
  depsim().add_fault({{"endpoint", "assign"}, {"results", {{"*", "FAILED"}}}});
  size_t mark = muster().mark();
  sync_now();
  EXPECT_EQ(muster()
                .await("sync.done", mark, [](const LogLine& l) { return l.number("failed") == 2; })
                .number("waiting"),
            2);
  depsim().devices("remove", {{"serials", to_json({added[0]})}});
  mark = muster().mark();
  sync_now();
  EXPECT_EQ(muster().await("sync.done", mark).number("waiting"), 1);
}

TEST_F(Trouble, ACursorThatAppleRepeatsIsNoLoop) {
  depsim().add(3);
  const long long before = depsim().calls("POST /devices/sync");
  depsim().add_fault({{"endpoint", "sync"}, {"repeat_cursor", true}, {"count", 0}});
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_LE(depsim().calls("POST /devices/sync") - before, 3);
  depsim().remove("/control/faults");
  depsim().add(2);
  const size_t mark = muster().mark();
  sync_now();
  await_assigned(5, uuid_, mark);
  EXPECT_EQ(depsim().assigned().serials, 5);
}

TEST_F(Trouble, ACursorThatIsAlwaysRefusedIsNoStorm) {
  const long long before = depsim().all_calls();
  depsim().add_fault({{"endpoint", "sync"}, {"status", 400}, {"body", "INVALID_CURSOR"}, {"count", 0}});
  sync_now();
  ASSERT_TRUE(comes_true([&] { return muster().events("sync.failed").size() == 3; }));
  EXPECT_LE(depsim().all_calls() - before, 9) << "three calls a run at most";
  depsim().remove("/control/faults");
  depsim().add(2);
  await_assigned(2, uuid_);
  EXPECT_EQ(depsim().assigned().serials, 2);
}

TEST_F(Trouble, APageCutShortIsAskedForAgain) {
  depsim().add(3);
  depsim().add_fault({{"endpoint", "sync"}, {"deliver", "cut"}});
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_EQ(muster().events("sync.failed").size(), 1U);
}

using TroubleAtTheStart = World;

TEST_F(TroubleAtTheStart, AnAppleThatDoesNotAnswerKeepsNobodyFromStarting) {
  start_depsim({"-devices", "3"});
  depsim().add_fault({{"endpoint", "*"}, {"deliver", "reset"}, {"count", 0}});
  start_muster();
  muster().await("sync.failed");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
  EXPECT_EQ(run("mdmctl get dep-account").exit, 1);
  depsim().remove("/control/faults");
  await_baseline(3);
}

TEST_F(TroubleAtTheStart, TheWayToAppleMayLeadThroughAProxy) {
  start_depsim({"-devices", "3"});  // takes requests as a proxy does
  MusterServer server({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls=false", "-config-path", data(),
                       "-depsim", "http://apple.invalid"},
                      {{"http_proxy", depsim().url()}});
  EXPECT_EQ(server.await("sync.done").number("devices"), 3);
  inspect_log_of(server);
}

TEST_F(TroubleAtTheStart, AnAppleThatStallsIsNotWaitedForLongerThanToldTo) {
  start_depsim({"-devices", "3"});
  depsim().hold("fetch");
  start_muster({"-apple-timeout", "1s"});
  EXPECT_THAT(muster().await("sync.failed").field("reason"), HasSubstr("within 1000 ms"));
  await_baseline(3);
}

TEST_F(TroubleAtTheStart, AWrongClockIsNamed) {
  start_depsim({"-devices", "3"});
  depsim().post("/control/clock", {{"auth_skew", "-20m"}});
  start_muster();
  EXPECT_THAT(muster().await("account.state").field("remedy"), HasSubstr("clock is 20m"));
  EXPECT_THAT(run_well("mdmctl get dep-status"), HasSubstr("NTP"));
}

struct LostAnswer {
  const char* name;
  boost::json::object fault;
};
class AssignAnswerLost : public Trouble, public testing::WithParamInterface<int> {};

// Apple assigned the devices, and the server never heard of it.
const std::vector<LostAnswer>& lost_answers() {
  static const std::vector<LostAnswer> kAll = {
      {"Reset", {{"endpoint", "assign"}, {"deliver", "reset"}, {"when", "after"}}},
      {"CutShort", {{"endpoint", "assign"}, {"deliver", "cut"}, {"when", "after"}}},
      {"ServerError", {{"endpoint", "assign"}, {"status", 500}, {"when", "after"}}},
      {"NotJson", {{"endpoint", "assign"}, {"status", 200}, {"body", "<html>"}, {"when", "after"}}},
  };
  return kAll;
}

TEST_P(AssignAnswerLost, IsReadBackAndNotSentAgain) {
  depsim().add(3);
  depsim().add_fault(lost_answers()[static_cast<size_t>(GetParam())].fault);
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_EQ(depsim().calls("PUT /profile/devices"), 1);
  EXPECT_GE(depsim().calls("POST /devices"), 1);
  EXPECT_EQ(muster().events("sync.done").back().number("waiting"), 0);
}

INSTANTIATE_TEST_SUITE_P(Answers, AssignAnswerLost,
                         testing::Range(0, static_cast<int>(lost_answers().size())), [](const auto& tested) {
                           return std::string(lost_answers()[static_cast<size_t>(tested.param)].name);
                         });

TEST_F(Trouble, AnAssignCallThatNeverArrivedIsSentAgain) {
  depsim().add(3);
  depsim().add_fault({{"endpoint", "assign"}, {"deliver", "reset"}});
  sync_now();
  await_assigned(3, uuid_);
  EXPECT_EQ(depsim().assigned().successes, 3);
}

TEST_F(Trouble, TermsThatNobodySignedAreReportedInAppleWord) {
  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  depsim().add(1);
  const size_t mark = muster().mark();
  sync_now();
  const auto failed = muster().await("sync.failed", mark);
  EXPECT_THAT(failed.field("reason"), HasSubstr("T_C_NOT_SIGNED"));
  const auto said = run_badly("mdmctl get dep-account");
  EXPECT_THAT(said, HasSubstr("T_C_NOT_SIGNED"));

  depsim().put("/control/accounts/default", {{"terms_signed", true}});
  sync_now();
  await_assigned(1, uuid_);
}

}  // namespace
}  // namespace muster::test
