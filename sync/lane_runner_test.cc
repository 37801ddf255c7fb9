// One run of a lane: when it has work, and what its end means for the lane, the account and the other lanes.
#include "sync/lane_runner.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

class LaneRuns : public test::AccountFixture {
 protected:
  LaneRuns() {
    runner_.on_wake([this](AccountId, Lane lane) { woken_.insert(lane); });
    SyncState state;
    state.changes = Cursor("c0");
    state.baseline_done = true;
    state.baseline_began = clock_.now() - 1h;
    state.next_list = clock_.now() + 24h;
    put_state(state);
    apple_.on("GET /account", test::answer_json({{"server_name", "S"}, {"server_uuid", "U"}}));
    apple_.on(test::kChangesCall, test::page({}, "c1"));
    apple_.on(test::kListCall, test::page({}, "l1"));
  }

  std::optional<Time> run(Lane lane, bool asked = false) {
    return runner_(account_.id, lane, RunRequest{.asked = asked, .full = false, .stop = {}});
  }
  Health health() {
    return read([&](Reader& r) { return r.health(account_.id); });
  }
  std::map<Lane, LaneTrouble> troubles() {
    return read([&](Reader& r) { return r.lane_troubles(account_.id); });
  }
  RunRecord record() {
    return read([&](Reader& r) { return r.run_record(account_.id); });
  }

  Services services_{*store_, apple_, clock_, ""};
  LaneRunner runner_{*store_, services_, clock_, {.read_ahead = false}};
  std::set<Lane> woken_;
};

TEST_F(LaneRuns, NothingIsDoneForAnAccountWithoutATokenPausedOrUnknown) {
  write([&](Writer& w) { return w.put_paused(account_.id, true); });
  const auto bare = write([](Writer& w) { return w.create_account(AccountName("bare")); });
  for (const AccountId id : {account_.id, bare, AccountId{999}})
    for (const Lane lane : kLanes)
      EXPECT_FALSE(runner_(id, lane, RunRequest{.asked = true, .full = true, .stop = {}}));
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

// Among several servers: the right to an account may end for a moment, and is renewed.
TEST_F(LaneRuns, AServerWhoseRightHasEndedCallsNobodyAndLooksAgain) {
  bool works = false;
  LaneRunner runner(*store_, services_, clock_,
                    {.works = [&](const Account&) { return works; }, .read_ahead = false});
  const auto run = [&] {
    return runner(account_.id, Lane::changes, {.asked = true, .full = false, .stop = {}});
  };
  EXPECT_EQ(run(), clock_.now() + 1s);
  EXPECT_THAT(apple_.calls(), IsEmpty());
  works = true;
  EXPECT_GE(run(), clock_.now() + 108s);
  EXPECT_EQ(state().changes.str(), "c1");
}

// The account is not what it was when the run began, and nobody asked the run to stop.
TEST_F(LaneRuns, ARunWhoseWritesAreRefusedIsFollowedByAnother) {
  apple_.on(test::kChangesCall, [&](const test::AppleCall& call) -> Result<http::Response> {
    write([&](Writer& w) { return w.put_token(account_.id, {"ck2", "cs", "at", "as", {}}); });
    return test::page({}, "c1")(call);
  });
  EXPECT_EQ(run(Lane::changes), clock_.now());
  EXPECT_EQ(state().changes.str(), "c0");
  EXPECT_THAT(troubles(), IsEmpty());
}

TEST_F(LaneRuns, ChangesAreReadEveryTwoMinutes) {
  const auto next = run(Lane::changes);
  ASSERT_TRUE(next);
  EXPECT_GE(*next, clock_.now() + 108s);
  EXPECT_LE(*next, clock_.now() + 132s);
  EXPECT_EQ(state().changes.str(), "c1");
  EXPECT_EQ(record().last_success, clock_.now());
  EXPECT_EQ(health().state, Health::State::ok);
}

TEST_F(LaneRuns, RunsAreCountedWithTheirDuration) {
  const auto counts = [&] {
    return services_.counts().of(account_.id)->values().lanes.at(static_cast<size_t>(Lane::changes));
  };
  apple_.on(test::kChangesCall, [&](const test::AppleCall& call) {
    clock_.advance(3s);
    EXPECT_EQ(counts().running, clock_.steady() - 3s);
    return test::page({}, "c1")(call);
  });
  run(Lane::changes);
  apple_.on(test::kChangesCall, test::answer_lost());
  run(Lane::changes, true);
  EXPECT_EQ(counts().done, 1);
  EXPECT_EQ(counts().failed, 1);
  EXPECT_EQ(counts().pages, 1);
  EXPECT_EQ(counts().time, 3s);
  EXPECT_EQ(counts().last, 0s);
  EXPECT_FALSE(counts().running);

  write([&](Writer& w) { return w.put_token(account_.id, {"ck2", "cs", "at", "as", {}}); });
  run(Lane::changes, true);
  EXPECT_EQ(counts().failed, 2) << "a new token does not reset the counts";
  services_.forget(account_.id);
  EXPECT_EQ(counts().failed, 0);
}

TEST_F(LaneRuns, TheOldestArrivalThatWaitsIsKnownWhenTheAccountIsIdle) {
  const auto oldest = [&] { return services_.counts().of(account_.id)->values().oldest_arrival; };
  run(Lane::changes);
  EXPECT_EQ(oldest(), std::nullopt);
  add_work("A", "P");
  change_device("A", [&](Device& device) { device.arrived_at = clock_.now(); });
  const Time arrived = clock_.now();
  clock_.advance(5min);
  run(Lane::changes);
  runner_.on_idle(account_.id);
  EXPECT_EQ(oldest(), arrived);
}

TEST_F(LaneRuns, WithoutACursorTheFullListIsWokenForOne) {
  put_state({});
  EXPECT_FALSE(run(Lane::changes)) << "nothing to do until it is woken";
  EXPECT_THAT(woken_, ElementsAre(Lane::full_list));
}

TEST_F(LaneRuns, TheFullListIsDueWhenItsStateSaysSo) {
  EXPECT_EQ(run(Lane::full_list), clock_.now() + 24h);
  EXPECT_THAT(apple_.calls(test::kListCall), IsEmpty());
}

TEST_F(LaneRuns, AppleIsAskedForTheAccountWhenAListBegins) {
  put_state({});
  apple_.on(test::kListCall,
            test::in_turn({test::page({}, "l1", true), test::answer_lost(), test::page({}, "l2")}));
  run(Lane::full_list);
  reload();
  ASSERT_TRUE(account_.apple);
  EXPECT_EQ(account_.apple->server_uuid, "U");
  run(Lane::full_list, true);
  EXPECT_EQ(apple_.calls("GET /account").size(), 1u) << "not when it goes on";
  apple_.forget_calls();
  run(Lane::full_list);
  EXPECT_THAT(apple_.calls(), IsEmpty()) << "nor when none is due";
}

TEST_F(LaneRuns, WhatAppleSaysOfTheAccountIsKeptUpToDate) {
  put_state({});
  run(Lane::full_list);
  apple_.on("GET /account", test::answer_json({{"server_name", "Renamed"}, {"server_uuid", "U"}}));
  clock_.advance(48h);
  run(Lane::full_list);
  reload();
  EXPECT_EQ(account_.apple->server_name, "Renamed");
}

TEST_F(LaneRuns, AListCanBeReadWithoutWhatAppleSaysOfTheAccount) {
  put_state({});
  apple_.on("GET /account", test::answer_word(404, "SOMETHING"));
  run(Lane::full_list);
  EXPECT_TRUE(state().baseline_done);
  EXPECT_THAT(troubles(), IsEmpty());
}

TEST_F(LaneRuns, AnAccountThatIsNotKnownYetAndMayNotBeReadIsTheFullListsTrouble) {
  put_state({});
  apple_.on("GET /account", test::answer_word(403, "T_C_NOT_SIGNED"));
  run(Lane::full_list);
  EXPECT_THAT(apple_.calls(test::kListCall), IsEmpty());
  EXPECT_EQ(troubles().at(Lane::full_list).state, Health::State::terms_unsigned);
}

TEST_F(LaneRuns, QuestionsAndAssignmentsAreDueWithTheirWorkButNotEveryMoment) {
  EXPECT_FALSE(run(Lane::questions));
  EXPECT_FALSE(run(Lane::assignment));
  auto soon = add_work("SOON", "P");
  soon.next_try = clock_.now() + 1s;
  auto later = add_work("LATER", "P", Assignment::State::looking);
  later.next_try = clock_.now() + 1h;
  write([&](Writer& w) { return w.put_assignments(std::vector{soon, later}); });
  EXPECT_EQ(run(Lane::assignment), clock_.now() + 2min);
  EXPECT_EQ(run(Lane::questions), clock_.now() + 1h);
}

TEST_F(LaneRuns, AProfileThatIsToBeAskedForIsWorkOfTheAssignments) {
  add_work("A", "LOST");
  apple_.on(test::kAssignCall, test::answer_word(404, "PROFILE_NOT_FOUND"));
  EXPECT_EQ(run(Lane::assignment), clock_.now() + 15min);
  EXPECT_THAT(troubles(), IsEmpty()) << "that is no trouble of the lane";
}

TEST_F(LaneRuns, PartialCallsThatWaitAreDueInASecond) {
  add_work("A", "P");
  apple_.on(test::kChangesCall, test::in_turn({test::page({}, "c1", true), [&](const test::AppleCall& call) {
                                                 EXPECT_EQ(run(Lane::assignment), clock_.now() + kGather);
                                                 return test::page({}, "c2")(call);
                                               }}));
  run(Lane::changes);
  EXPECT_THAT(apple_.calls(test::kAssignCall), IsEmpty());
  EXPECT_THAT(woken_, IsSupersetOf({Lane::assignment}));
}

TEST_F(LaneRuns, AFailureIsTheLanesOwn) {
  apple_.on(test::kAskCall, test::answer_word(500, "internal_server_error"));
  add_work("A", "P", Assignment::State::looking);
  const auto retry = run(Lane::questions);
  ASSERT_TRUE(retry);
  EXPECT_GE(*retry, clock_.now() + 1s);
  EXPECT_LE(*retry, clock_.now() + 1100ms);
  ASSERT_TRUE(troubles().contains(Lane::questions));
  EXPECT_EQ(troubles().at(Lane::questions).failures, 1);
  EXPECT_EQ(troubles().at(Lane::questions).retry_at, *retry);
  EXPECT_EQ(record().last_attempt, clock_.now());
  EXPECT_FALSE(record().last_error.empty());
  apple_.forget_calls();
  run(Lane::changes);
  EXPECT_EQ(apple_.calls(test::kChangesCall).size(), 1u) << "the others go on";
}

TEST_F(LaneRuns, IsNotTriedBeforeItsTimeUnlessAnOperatorAsks) {
  apple_.on(test::kChangesCall, test::answer_word(500, "internal_server_error"));
  const auto retry = run(Lane::changes);
  EXPECT_EQ(run(Lane::changes), retry);
  EXPECT_EQ(apple_.calls(test::kChangesCall).size(), 1u);
  run(Lane::changes, true);
  EXPECT_EQ(apple_.calls(test::kChangesCall).size(), 2u);
}

TEST_F(LaneRuns, RetriesComeFourTimesAsSlowToAQuarterOfAnHour) {
  apple_.on(test::kChangesCall, test::answer_word(500, "internal_server_error"));
  for (const Millis wait :
       {Millis(1s), Millis(4s), Millis(16s), Millis(64s), Millis(256s), Millis(15min), Millis(15min)}) {
    const auto retry = run(Lane::changes);
    ASSERT_TRUE(retry);
    EXPECT_GE(*retry, clock_.now() + wait);
    EXPECT_LE(*retry, clock_.now() + wait * 11 / 10);
    clock_.advance(std::chrono::duration_cast<Millis>(*retry - clock_.now()));
  }
  EXPECT_EQ(troubles().at(Lane::changes).failures, 7);
}

TEST_F(LaneRuns, SuccessEndsTheTrouble) {
  apple_.on(test::kChangesCall,
            test::in_turn({test::answer_word(500, "internal_server_error"), test::page({}, "c1")}));
  run(Lane::changes);
  EXPECT_NE(health().state, Health::State::ok);
  run(Lane::changes, true);
  EXPECT_THAT(troubles(), IsEmpty());
  EXPECT_EQ(health().state, Health::State::ok);
  EXPECT_EQ(record().last_error, "");
}

TEST_F(LaneRuns, ARunThatHadNothingToSendEndsNoTroubleWhileTheOutcomeOfACallIsUnknown) {
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answer_lost());
  run(Lane::assignment);
  clock_.advance(1min);
  EXPECT_EQ(run(Lane::assignment), clock_.now() + 2min);
  EXPECT_TRUE(troubles().contains(Lane::assignment));
  EXPECT_EQ(health().state, Health::State::impaired);
  EXPECT_EQ(apple_.calls(test::kAssignCall).size(), 1u);

  apple_.on(test::kAskCall, test::reports({{.serial = "A", .status = "assigned", .profile = "P"}}));
  run(Lane::questions);
  clock_.advance(2min);
  EXPECT_FALSE(run(Lane::assignment)) << "it is known that there is nothing to do";
  EXPECT_THAT(troubles(), IsEmpty());
  EXPECT_EQ(health().state, Health::State::ok);
}

TEST_F(LaneRuns, ACallThatIsAnsweredEndsTheTroubleThoughTheOutcomeOfAnotherIsUnknown) {
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answer_lost());
  run(Lane::assignment);
  clock_.advance(1min);
  add_work("B", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  run(Lane::assignment);
  EXPECT_THAT(troubles(), IsEmpty());
}

TEST_F(LaneRuns, APauseThatAppleAsksForStopsEveryLane) {
  apple_.on(test::kChangesCall, test::answer_word(429, "TOO_MANY_REQUESTS", {{"Retry-After", "600"}}));
  run(Lane::changes);
  EXPECT_EQ(health().state, Health::State::throttled);
  add_work("A", "P");
  run(Lane::assignment);
  EXPECT_THAT(apple_.calls(test::kAssignCall), IsEmpty());
  clock_.advance(600s);
  apple_.on(test::kChangesCall, test::page({}, "c1"));
  woken_.clear();
  run(Lane::changes);
  EXPECT_EQ(health().state, Health::State::ok);
  EXPECT_THAT(woken_, ElementsAre(Lane::full_list, Lane::questions, Lane::assignment));
}

TEST_F(LaneRuns, APauseOutlivesARestart) {
  apple_.on(test::kChangesCall, test::answer_word(429, "TOO_MANY_REQUESTS", {{"Retry-After", "600"}}));
  run(Lane::changes);
  const Time until = clock_.now() + 600s;
  Services services(*store_, apple_, clock_, "");
  LaneRunner restarted(*store_, services, clock_, {.read_ahead = false});
  apple_.forget_calls();
  EXPECT_EQ(restarted(account_.id, Lane::changes, RunRequest{.asked = true, .full = false, .stop = {}}),
            until);
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(LaneRuns, ARefusedSessionStopsTheAccountAndOneLaneTries) {
  apple_.on("GET /session", test::answer_word(401, "token_rejected"));
  add_work("A", "P");
  run(Lane::assignment);
  EXPECT_EQ(health().state, Health::State::rejected);
  EXPECT_THAT(woken_, IsSupersetOf({Lane::changes}));
  EXPECT_FALSE(run(Lane::questions)) << "until the first one has succeeded";
  EXPECT_FALSE(run(Lane::full_list));
  const auto next = run(Lane::changes);
  ASSERT_TRUE(next);
  EXPECT_GE(*next, clock_.now() + 13min);
}

TEST_F(LaneRuns, ALaneThatFailsAloneAfterTheStopStopsOnlyItself) {
  apple_.on("GET /session", test::answer_word(403, "token_rejected"));
  run(Lane::changes);
  EXPECT_EQ(health().state, Health::State::rejected);
  EXPECT_FALSE(run(Lane::full_list)) << "all are stopped";
  clock_.advance(20min);
  apple_.on("GET /session", test::answer_json({{"auth_session_token", "S"}}));
  apple_.on(test::kChangesCall, test::answer_word(500, ""));
  woken_.clear();
  run(Lane::changes);
  EXPECT_THAT(woken_, ElementsAre(Lane::full_list, Lane::questions, Lane::assignment));
  EXPECT_TRUE(run(Lane::full_list)) << "nothing stops it any more";
  EXPECT_NE(health().state, Health::State::rejected);
}

TEST_F(LaneRuns, WhatAnOperatorTriesDuringAStopDoesNotEndIt) {
  apple_.on("GET /session", test::answer_word(403, "token_rejected"));
  run(Lane::changes);
  apple_.on("GET /session", test::answer_json({{"auth_session_token", "S"}}));
  apple_.on(test::kAssignCall, test::answer_word(500, ""));
  add_work("A", "P");
  run(Lane::assignment, true);
  EXPECT_EQ(health().state, Health::State::rejected) << "until the lane that probes has tried";
  EXPECT_FALSE(run(Lane::full_list));
}

TEST_F(LaneRuns, OneLaneThatIsForbiddenDoesNotStopTheOthers) {
  apple_.on(test::kAssignCall, test::answer_word(403, "T_C_NOT_SIGNED"));
  add_work("A", "P");
  const auto retry = run(Lane::assignment);
  ASSERT_TRUE(retry);
  EXPECT_GE(*retry, clock_.now() + 13min) << "an operator must act: it is asked seldom";
  EXPECT_EQ(troubles().at(Lane::assignment).state, Health::State::terms_unsigned);
  run(Lane::changes);
  EXPECT_EQ(apple_.calls(test::kChangesCall).size(), 1u);
}

TEST_F(LaneRuns, ASecondLaneThatHearsTheSameStopsTheAccount) {
  apple_.on(test::kAssignCall, test::answer_word(403, "T_C_NOT_SIGNED"));
  apple_.on(test::kChangesCall, test::answer_word(403, "T_C_NOT_SIGNED"));
  add_work("A", "P");
  run(Lane::assignment);
  run(Lane::changes);
  EXPECT_EQ(health().state, Health::State::terms_unsigned);
  EXPECT_FALSE(run(Lane::questions));
}

TEST_F(LaneRuns, AnOperatorWhoAsksWantsAnotherAttemptOfEveryLane) {
  apple_.on(test::kAskCall, test::answer_word(500, "internal_server_error"));
  add_work("A", "P", Assignment::State::looking);
  run(Lane::questions);
  woken_.clear();
  run(Lane::changes, true);
  EXPECT_THAT(woken_, ElementsAre(Lane::questions));
  EXPECT_EQ(troubles().at(Lane::questions).retry_at, clock_.now());
}

TEST_F(LaneRuns, AStoppedRunIsNoFailure) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(runner_(account_.id, Lane::changes,
                       RunRequest{.asked = true, .full = false, .stop = stop.get_token()}));
  EXPECT_THAT(troubles(), IsEmpty());
  EXPECT_FALSE(record().last_attempt);
}

TEST_F(LaneRuns, NothingIsRecordedOfATokenThatWasReplacedMeanwhile) {
  apple_.on(test::kChangesCall, [this](const test::AppleCall& call) {
    write([&](Writer& w) { return w.put_token(account_.id, {"other", "CS", "AT", "AS", {}}); });
    return test::answer_word(401, "token_rejected")(call);
  });
  run(Lane::changes);
  EXPECT_THAT(troubles(), IsEmpty());
  EXPECT_EQ(health(), Health{});
}

TEST_F(LaneRuns, ApplesClockIsRememberedWhereItDiffers) {
  const auto dated = [](const char* date) {
    return [=](const test::AppleCall& call) {
      auto answer = test::page({}, "c1")(call);
      answer->headers.add("Date", date);
      return answer;
    };
  };
  apple_.on(test::kChangesCall, dated("Sun, 01 Mar 2026 08:00:00 GMT"));  // an hour behind ours
  run(Lane::changes);
  reload();
  ASSERT_TRUE(account_.clock_offset);
  EXPECT_GE(*account_.clock_offset, 59min);
  EXPECT_LE(*account_.clock_offset, 61min);
}

TEST_F(LaneRuns, ARemovedAccountIsErasedByTheLaneOfChangesOnly) {
  add_device("A");
  write([&](Writer& w) { return w.remove_account(account_.id); });
  const auto left = [&] {
    return read([&](Reader& r) { return r.devices_to_erase(account_.id, 10); }).size();
  };
  for (const Lane lane : {Lane::full_list, Lane::questions, Lane::assignment}) EXPECT_FALSE(run(lane));
  EXPECT_EQ(left(), 1u);
  EXPECT_FALSE(run(Lane::changes));
  EXPECT_EQ(left(), 0u);
}

TEST_F(LaneRuns, ReportsWhatWasDoneSinceTheAccountWasIdle) {
  EXPECT_EQ(runner_.report(account_.id).pages, 0);
  apple_.on(test::kChangesCall,
            test::page({{.serial = "A", .operation = "added", .date = clock_.now()}}, "c1"));
  run(Lane::changes);
  EXPECT_EQ(runner_.report(account_.id).pages, 1);
  EXPECT_EQ(runner_.report(account_.id).arrivals, 1);
  run(Lane::changes);
  EXPECT_EQ(runner_.report(account_.id).pages, 2) << "it was not idle between";
  runner_.on_idle(account_.id);
  EXPECT_EQ(runner_.report(account_.id).pages, 2) << "told until the next work";
  run(Lane::changes);
  EXPECT_EQ(runner_.report(account_.id).pages, 1);
}

TEST_F(LaneRuns, AReportTellsWhatWaitsAndWhatWentWrong) {
  add_work("A", "P", Assignment::State::looking);
  apple_.on(test::kChangesCall, test::answer_word(500, "internal_server_error"));
  run(Lane::changes);
  runner_.on_idle(account_.id);
  EXPECT_EQ(runner_.report(account_.id).waiting, 1);
  ASSERT_TRUE(runner_.report(account_.id).error);
  EXPECT_EQ(runner_.report(account_.id).error->remote.word, "internal_server_error");
}

TEST_F(LaneRuns, WhatWaitsForAMomentMovesWithAWallClockThatIsSet) {
  apple_.on(test::kChangesCall, test::answer_word(500, "internal_server_error"));
  const auto retry = run(Lane::changes);
  clock_.jump(5h);
  runner_.clock_jumped(5h);
  EXPECT_EQ(troubles().at(Lane::changes).retry_at, *retry + 5h);
  EXPECT_EQ(run(Lane::changes), *retry + 5h);
  EXPECT_EQ(apple_.calls(test::kChangesCall).size(), 1u);
}

}  // namespace
}  // namespace muster::sync
