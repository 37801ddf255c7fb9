// The lane of assignment: what is due goes to Apple, and every answer, or its absence, becomes durable.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "assign/work.h"
#include "sync/run/lanes.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;
using State = Assignment::State;
using Urgency = Assignment::Urgency;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;

class SendAssignments : public test::AccountFixture {
 protected:
  SendAssignments() { lane_.context.read_ahead = false; }

  bool send() { return test::must(send_assignments(lane_.context)).waits; }

  // What each assign call was about: `PROFILE: N devices`.
  std::vector<std::string> sent() const {
    std::vector<std::string> all;
    for (const auto& call : apple_.calls(test::kAssignCall))
      all.push_back(fmt::format("{}: {}", call.text("profile_uuid"), call.serials().size()));
    return all;
  }
  std::vector<std::string> held() {
    std::vector<std::string> serials;
    lane_.memory.held.with([&](const auto& queue) {
      for (const auto& batch : queue)
        for (const auto& work : batch.assignments) serials.push_back(work.serial.str());
    });
    return serials;
  }
  size_t batches() {
    return read([&](Reader& r) { return r.sent_batches(account_.id); }).size();
  }
  Report report() {
    return lane_.memory.report.with([](const Report& counted) { return counted; });
  }
  std::map<ProfileUuid, ProfileTrouble> troubles() {
    return read([&](Reader& r) { return r.profile_troubles(account_.id); });
  }
};

TEST_F(SendAssignments, NothingDueIsNoCall) {
  auto later = add_work("A", "P");
  later.next_try = clock_.now() + 1ms;
  write([&](Writer& w) { return w.put_assignment(later); });
  EXPECT_FALSE(send());
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(SendAssignments, ACallHasAThousandDevicesOfOneProfileAtMost) {
  add_works(1001, "P");
  add_works(1, "Q", "D");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  EXPECT_FALSE(send());
  EXPECT_THAT(sent(), testing::UnorderedElementsAre("P: 1000", "P: 1", "Q: 1"));
  EXPECT_EQ(report().calls, 3);
  EXPECT_EQ(report().assigned, 1002);
}

TEST_F(SendAssignments, WhoJustArrivedGoesFirst) {
  add_work("LATER", "BACKFILL", State::due, Urgency::backfill);
  add_work("AGAIN", "RETRY", State::due, Urgency::retry);
  add_work("NEW", "ARRIVAL", State::due, Urgency::arrival);
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(sent(), ElementsAre("ARRIVAL: 1", "RETRY: 1", "BACKFILL: 1"));
}

TEST_F(SendAssignments, TheBatchIsStoredBeforeItGoesOut) {
  add_work("A", "P");
  size_t stored = 0;
  apple_.on(test::kAssignCall, [&](const test::AppleCall& call) {
    stored = batches();
    return test::answers("SUCCESS")(call);
  });
  send();
  EXPECT_EQ(stored, 1u);
}

TEST_F(SendAssignments, SuccessIsHeldForTheQuestions) {
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(held(), ElementsAre("A"));
  EXPECT_EQ(batches(), 1u) << "a crash now finds the sent batch, and asks";
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::questions}));
}

TEST_F(SendAssignments, SuccessIsStoredWhereTheQuestionsDoNotGetOn) {
  lane_.memory.questions_work = false;
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(held(), IsEmpty());
  EXPECT_EQ(work("A")->state, State::confirming);
  EXPECT_EQ(work("A")->last_answer, "SUCCESS");
  EXPECT_EQ(work("A")->next_try, clock_.now()) << "asked about at once";
  EXPECT_EQ(batches(), 0u);
}

TEST_F(SendAssignments, NoMoreThanEightBatchesAreHeld) {
  for (int i = 0; i < 9; ++i) add_work("C" + std::to_string(i), "P" + std::to_string(i));
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(held(), SizeIs(8));
  EXPECT_EQ(batches(), 8u);
}

TEST_F(SendAssignments, EveryOtherWordIsStoredWithItsWait) {
  for (const char* serial : {"OK", "FAILED", "GONE", "NEWWORD", "SILENT"}) add_work(serial, "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS", {{"FAILED", "FAILED"},
                                                         {"GONE", "NOT_ACCESSIBLE"},
                                                         {"NEWWORD", "SOMETHING_NEW"},
                                                         {"SILENT", ""}}));
  send();
  EXPECT_THAT(held(), ElementsAre("OK"));

  EXPECT_EQ(work("FAILED")->state, State::due);
  EXPECT_GE(work("FAILED")->next_try, clock_.now() + 10min);
  EXPECT_EQ(work("FAILED")->urgency, Urgency::retry);
  EXPECT_THAT(kinds("FAILED"), ElementsAre(Kind::answered));
  EXPECT_EQ(history("FAILED")[0].detail, "FAILED P");

  EXPECT_EQ(work("GONE")->state, State::looking);
  EXPECT_EQ(work("GONE")->next_try, clock_.now());
  EXPECT_FALSE(device("GONE").tombstone);

  EXPECT_EQ(work("NEWWORD")->state, State::looking);
  EXPECT_EQ(work("NEWWORD")->next_try, clock_.now() + 10min);
  EXPECT_EQ(work("NEWWORD")->last_answer, "SOMETHING_NEW");

  EXPECT_EQ(work("SILENT")->state, State::due);
  EXPECT_EQ(work("SILENT")->last_answer, assign::kNoAnswer);
  EXPECT_EQ(report().failed, 4);
}

TEST_F(SendAssignments, AThrottledDeviceWaitsAsLongAsAppleSays) {
  add_work("A", "P");
  apple_.on(test::kAssignCall,
            test::answer_json({{"devices", {{"A", "THROTTLED"}}}, {"retry_after_seconds", 7200}}));
  send();
  EXPECT_EQ(work("A")->state, State::due);
  EXPECT_EQ(work("A")->next_try, clock_.now() + 2h);
}

TEST_F(SendAssignments, AnAnswerAboutNobodyLeavesNoBatchBehind) {
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answers("FAILED"));
  send();
  EXPECT_THAT(held(), IsEmpty());
  EXPECT_EQ(batches(), 0u);
}

TEST_F(SendAssignments, ALostAnswerIsAskedAboutBeforeAnythingIsSentAgain) {
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answer_lost());
  EXPECT_FALSE(send_assignments(lane_.context));
  EXPECT_EQ(work("A")->state, State::in_flight);
  EXPECT_EQ(work("A")->next_try, clock_.now());
  EXPECT_EQ(batches(), 0u);
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::questions}));
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(sent(), SizeIs(1)) << "not sent again";
}

TEST_F(SendAssignments, WhatAppleDidNotDoIsDueAsBefore) {
  const auto before = add_work("A", "P");
  apple_.on(test::kAssignCall, test::answer_word(503, "busy"));
  EXPECT_FALSE(send_assignments(lane_.context));
  EXPECT_EQ(work("A"), before);
  EXPECT_EQ(batches(), 0u);
}

TEST_F(SendAssignments, ABatchThatAProcessLeftBehindIsAskedAboutOnce) {
  const auto due = add_work("A", "P");
  SentBatch batch{.account = account_.id,
                  .profile = due.profile,
                  .urgency = due.urgency,
                  .first_try = due.next_try,
                  .last_try = due.next_try,
                  .first_device = due.device,
                  .last_device = due.device,
                  .sent_at = clock_.now()};
  write([&](Writer& w) { return w.put_sent_batch(batch); });
  send();
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(work("A")->state, State::in_flight);
  EXPECT_EQ(batches(), 0u);
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::questions}));
}

TEST_F(SendAssignments, ABatchOfThisProcessIsNotTakenForOneLeftBehind) {
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  add_work("A", "P");
  send();
  ASSERT_EQ(batches(), 1u);
  send();
  EXPECT_EQ(batches(), 1u);
  EXPECT_THAT(held(), ElementsAre("A"));
}

TEST_F(SendAssignments, AnUnknownProfileIsOneMarkAndOtherProfilesGoOn) {
  add_rule({.filter = "*", .profile = ProfileUuid("LOST")});
  const auto before = add_work("A", "LOST");
  add_work("B", "P");
  apple_.on(test::kAssignCall, [](const test::AppleCall& call) {
    return call.text("profile_uuid") == "LOST" ? test::answer_word(404, "PROFILE_NOT_FOUND")(call)
                                               : test::answers("SUCCESS")(call);
  });
  EXPECT_FALSE(send());
  EXPECT_THAT(sent(), ElementsAre("LOST: 1", "P: 1"));
  EXPECT_EQ(work("A"), before) << "no device pays for it with an attempt";
  EXPECT_EQ(batches(), 1u) << "that of P";
  ASSERT_TRUE(troubles().contains(ProfileUuid("LOST")));
  EXPECT_EQ(troubles()[ProfileUuid("LOST")].retry_at, clock_.now() + 15min);
  EXPECT_EQ(read([&](Reader& r) { return r.rules(account_.id); }).at(0).broken, "PROFILE_NOT_FOUND");
}

TEST_F(SendAssignments, AnUnknownProfileIsAskedForBeforeItsDevicesAreSent) {
  add_work("A", "LOST");
  apple_.on(test::kAssignCall, test::answer_word(404, "PROFILE_NOT_FOUND"));
  send();
  clock_.advance(15min);
  apple_.on("GET /profile", test::answer_word(404, "NOT_FOUND"));
  send();
  EXPECT_THAT(sent(), SizeIs(1));
  EXPECT_EQ(troubles()[ProfileUuid("LOST")].failures, 2);
  EXPECT_EQ(troubles()[ProfileUuid("LOST")].retry_at, clock_.now() + 30min);

  clock_.advance(30min);
  apple_.on("GET /profile", test::answer_json({{"profile_uuid", "LOST"}}));
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(sent(), SizeIs(2));
  EXPECT_THAT(troubles(), IsEmpty());
}

TEST_F(SendAssignments, AProfileThatCannotBeLookedUpDelaysOnlyItsOwnDevices) {
  add_work("A", "LOST");
  apple_.on(test::kAssignCall, test::answer_word(404, "PROFILE_NOT_FOUND"));
  send();
  clock_.advance(15min);
  apple_.on("GET /profile", test::answer_lost());
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  add_work("B", "P");
  send();
  EXPECT_EQ(sent().size(), 2u) << "the call that was rejected, and the one for B";
  EXPECT_THAT(held(), testing::ElementsAre("B"));
  const auto trouble = troubles()[ProfileUuid("LOST")];
  EXPECT_EQ(trouble.word, "PROFILE_NOT_FOUND") << "the lost answer says nothing about the profile";
  EXPECT_GT(trouble.retry_at, clock_.now());
}

TEST_F(SendAssignments, AProfileIsNotLookedUpWhileAppleAsksForNoCalls) {
  add_work("A", "LOST");
  apple_.on(test::kAssignCall, test::answer_word(404, "PROFILE_NOT_FOUND"));
  send();
  clock_.advance(15min);
  apple_.on("GET /profile", test::answer_word(429, "", {{"Retry-After", "60"}}));
  EXPECT_FALSE(send_assignments(lane_.context));
  EXPECT_EQ(troubles()[ProfileUuid("LOST")].failures, 1);
}

TEST_F(SendAssignments, ADeviceThatAppleRejectsIsParkedAndTheOthersGetTheirProfile) {
  for (int i = 0; i < 8; ++i) add_work("C" + std::to_string(i), "P");
  apple_.on(test::kAssignCall, [](const test::AppleCall& call) {
    const auto serials = call.serials();
    return std::ranges::count(serials, "C5") ? test::answer_word(400, "DEVICE_NOT_FOUND")(call)
                                             : test::answers("SUCCESS")(call);
  });
  EXPECT_FALSE(send());
  EXPECT_THAT(held(), testing::UnorderedElementsAre("C0", "C1", "C2", "C3", "C4", "C6", "C7"));
  EXPECT_EQ(work("C5")->state, State::parked);
  EXPECT_EQ(work("C5")->next_try, clock_.now() + 24h);
  EXPECT_EQ(work("C5")->last_answer, "DEVICE_NOT_FOUND");
  EXPECT_LE(apple_.calls().size(), 7u);
}

TEST_F(SendAssignments, ARejectionOfEverythingParksNobody) {
  add_works(64, "P");
  apple_.on(test::kAssignCall, test::answer_word(400, "MALFORMED_REQUEST_BODY"));
  EXPECT_FALSE(send());
  EXPECT_EQ(apple_.calls().size(), 14u);
  for (const char* serial : {"C0000", "C0031", "C0063"}) {
    EXPECT_EQ(work(serial)->state, State::due) << serial;
    EXPECT_GE(work(serial)->next_try, clock_.now() + 10min);
    EXPECT_EQ(work(serial)->attempts, 1);
  }
  apple_.forget_calls();
  clock_.advance(1h);
  send();
  EXPECT_EQ(apple_.calls().size(), 6u) << "the second time it is known not to be a device";
}

TEST_F(SendAssignments, AParkedDeviceIsSentAlone) {
  add_work("PARKED", "P", State::parked);
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(sent(), ElementsAre("P: 1", "P: 1"));
  EXPECT_EQ(work("PARKED")->state, State::confirming);
}

TEST_F(SendAssignments, AParkedDeviceThatIsRejectedWaitsAnotherDay) {
  add_work("PARKED", "P", State::parked);
  apple_.on(test::kAssignCall, test::answer_word(400, "DEVICE_NOT_FOUND"));
  EXPECT_FALSE(send()) << "that is no trouble of the lane";
  EXPECT_EQ(work("PARKED")->state, State::parked);
  EXPECT_EQ(work("PARKED")->next_try, clock_.now() + 24h);
}

TEST_F(SendAssignments, AParkedDeviceWhoseAnswerIsLostIsAskedAbout) {
  add_work("PARKED", "P", State::parked);
  apple_.on(test::kAssignCall, test::answer_lost());
  EXPECT_FALSE(send_assignments(lane_.context));
  EXPECT_EQ(work("PARKED")->state, State::in_flight);
  EXPECT_EQ(work("PARKED")->next_try, clock_.now());
}

TEST_F(SendAssignments, FiveParkedDevicesATurnAreTried) {
  for (int i = 0; i < 7; ++i) add_work("C" + std::to_string(i), "P", State::parked);
  apple_.on(test::kAssignCall, test::answer_word(400, "DEVICE_NOT_FOUND"));
  send();
  EXPECT_EQ(apple_.calls().size(), 5u);
}

TEST_F(SendAssignments, APartialCallWaitsASecondForPagesThatAreOnTheirWay) {
  lane_.memory.changes_are_coming = true;
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  EXPECT_TRUE(send());
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(batches(), 0u);
  clock_.advance(kGather);
  EXPECT_FALSE(send());
  EXPECT_THAT(sent(), ElementsAre("P: 1"));
}

TEST_F(SendAssignments, AFullCallWaitsForNothing) {
  lane_.memory.changes_are_coming = true;
  add_works(1000, "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_THAT(sent(), ElementsAre("P: 1000"));
}

TEST_F(SendAssignments, APassOverAllDevicesComesBehindWhatIsDue) {
  add_device("OLD");
  add_rule({.filter = "*", .scope = Rule::Scope::unassigned, .profile = ProfileUuid("RULE")});
  write([&](Writer& w) {
    return w.put_backfill(account_.id, {.state = Backfill::State::running, .planned = 1});
  });
  add_work("NEW", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  EXPECT_FALSE(send());
  EXPECT_THAT(sent(), ElementsAre("P: 1", "RULE: 1"));
}

TEST_F(SendAssignments, AStoppedTurnSendsNothing) {
  std::stop_source stop;
  stop.request_stop();
  lane_.context.stop = stop.get_token();
  add_work("A", "P");
  const auto done = send_assignments(lane_.context);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::cancelled);
  EXPECT_THAT(apple_.calls(), IsEmpty());
  EXPECT_EQ(batches(), 0u);
}

TEST_F(SendAssignments, NothingIsSentWithATokenThatWasReplaced) {
  add_work("A", "P");
  write([&](Writer& w) { return w.put_token(account_.id, {"other", "CS", "AT", "AS", {}}); });
  const auto done = send_assignments(lane_.context);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::cancelled);
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

// Another server may have taken the account while this one was suspended; its own look at the clock comes
// last.
TEST_F(SendAssignments, NothingIsSentWhenTheServersRightHasEnded) {
  int asked = 0;
  lane_.context.may_call = [&] {
    ++asked;
    return false;
  };
  add_work("A", "P");
  const auto done = send_assignments(lane_.context);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::cancelled);
  EXPECT_EQ(asked, 1);
  EXPECT_THAT(apple_.calls(), IsEmpty());
  EXPECT_EQ(work("A")->state, State::in_flight) << "Apple is asked before it is sent again";
  EXPECT_EQ(batches(), 0u);
}

TEST_F(SendAssignments, TheNextCallIsChosenWhileAppleWorksOnOne) {
  lane_.context.read_ahead = true;
  add_works(2500, "P");
  apple_.on(test::kAssignCall, test::in_turn({test::answers("SUCCESS"), test::answer_word(503, "busy")}));
  EXPECT_FALSE(send_assignments(lane_.context));
  EXPECT_THAT(sent(), ElementsAre("P: 1000", "P: 1000"));
  EXPECT_EQ(batches(), 1u) << "what was chosen and not sent is due again";
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  send();
  EXPECT_EQ(held().size(), 2500u);
}

}  // namespace
}  // namespace muster::sync
