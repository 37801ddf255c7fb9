// The lane of questions: what Apple reports of single devices, and what comes of it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sync/run/lanes.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;
using Operation = DeviceReport::Operation;
using State = Assignment::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

test::AppleRow with_profile(const std::string& serial, const std::string& profile) {
  return {.serial = serial, .status = "assigned", .profile = profile};
}

class AskQuestions : public test::AccountFixture {
 protected:
  AskQuestions() { lane_.context.read_ahead = false; }

  void ask() { test::must(ask_questions(lane_.context)); }

  // As the lane of assignment leaves a call that Apple answered with SUCCESS.
  void hold(std::vector<Assignment> works) {
    SentBatch batch{.account = account_.id,
                    .profile = works.front().profile,
                    .urgency = works.front().urgency,
                    .first_try = works.front().next_try,
                    .last_try = works.back().next_try,
                    .first_device = works.front().device,
                    .last_device = works.back().device,
                    .sent_at = clock_.now()};
    write([&](Writer& w) { return w.put_sent_batch(batch); });
    for (auto& work : works) {
      work.state = State::confirming;
      work.last_answer = "SUCCESS";
    }
    lane_.memory.held.with([&](auto& queue) { queue.push_back({{batch}, works}); });
  }
  size_t held() {
    return lane_.memory.held.with([](const auto& queue) { return queue.size(); });
  }
  size_t batches() {
    return read([&](Reader& r) { return r.sent_batches(account_.id); }).size();
  }

  void add_question(Question::Kind kind, const std::string& serial, Operation operation = Operation::added) {
    const Question question{.account = account_.id,
                            .kind = kind,
                            .serial = Serial(serial),
                            .operation = operation,
                            .op_date = clock_.now() - 10s,
                            .since = clock_.now(),
                            .next_try = clock_.now()};
    write([&](Writer& w) { return w.put_questions(std::span(&question, 1)); });
  }
  std::vector<Question> questions(Question::Kind kind) {
    return read([&](Reader& r) { return r.questions(account_.id, kind, Time::max(), 10'000); });
  }
  void answered_with(Assignment work, const std::string& last_answer) {
    work.last_answer = last_answer;
    write([&](Writer& w) { return w.put_assignment(work); });
  }
};

TEST_F(AskQuestions, AnAnswerThatIsStoredLateDoesNotOverruleWhatAListHasShownSince) {
  add_work("A", "P", State::confirming);
  const auto come_back = [&] {  // assigned to the service again, without a profile
    change_device("A", [&](Device& device) {
      device.facts.profile_status = "empty";
      device.facts.profile_uuid = {};
      device.last_op_date = clock_.now() + 30s;
    });
    clock_.advance(1min);
  };
  int calls = 0;
  apple_.on(test::kAskCall, [&](const test::AppleCall& call) -> Result<http::Response> {
    if (++calls > 1) return test::reports({{.serial = "A"}})(call);
    come_back();
    return test::reports({with_profile("A", "P")})(call);
  });
  ask();
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(work("A")) << "it is not confirmed yet";
  clock_.advance(1min);
  ask();
  EXPECT_EQ(calls, 2) << "Apple is asked again";
  EXPECT_EQ(device("A").facts.profile_status, "empty");
}

TEST_F(AskQuestions, NothingDueIsNoCall) {
  auto later = add_work("A", "P", State::confirming);
  later.next_try = clock_.now() + 1ms;
  write([&](Writer& w) { return w.put_assignment(later); });
  add_work("DUE", "P");
  ask();
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(AskQuestions, AReportOfTheProfileEndsAnAssignmentInAnyState) {
  for (const State state : {State::in_flight, State::looking, State::confirming}) {
    const auto serial = fmt::format("C{}", static_cast<int>(state));
    add_work(serial, "P", state);
    apple_.on(test::kAskCall, test::reports({with_profile(serial, "P")}));
    ask();
    EXPECT_FALSE(work(serial)) << serial;
    EXPECT_THAT(kinds(serial), ElementsAre(Kind::confirmed)) << serial;
    EXPECT_TRUE(device(serial).facts.has_profile(ProfileUuid("P"))) << serial;
  }
  EXPECT_EQ(lane_.memory.report.with([](const Report& r) { return r.confirmed; }), 3);
}

TEST_F(AskQuestions, ALostCallThatHadNoEffectIsDueAtOnce) {
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, test::reports({{.serial = "A"}}));
  ask();
  EXPECT_EQ(work("A")->state, State::due);
  EXPECT_EQ(work("A")->next_try, clock_.now());
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::assignment}));
}

TEST_F(AskQuestions, AReportMayLagBehindSuccess) {
  answered_with(add_work("A", "P", State::confirming), "SUCCESS");
  apple_.on(test::kAskCall, test::reports({{.serial = "A"}}));
  ask();
  EXPECT_EQ(work("A")->state, State::confirming);
  EXPECT_EQ(work("A")->next_try, clock_.now() + 15min);
  clock_.advance(15min);
  ask();
  EXPECT_EQ(work("A")->state, State::due) << "the second time it is assigned again";
  EXPECT_EQ(work("A")->next_try, clock_.now());
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::not_confirmed));
}

TEST_F(AskQuestions, AnUnknownStatusSaysNeitherThisNorThat) {
  answered_with(add_work("A", "P", State::confirming), "SUCCESS");
  apple_.on(test::kAskCall, test::reports({{.serial = "A", .status = "half assigned"}}));
  ask();
  EXPECT_EQ(work("A")->state, State::confirming);
  EXPECT_EQ(work("A")->next_try, clock_.now() + 15min);
  EXPECT_THAT(kinds("A"), IsEmpty());
}

TEST_F(AskQuestions, ADeviceThatLostItsProfileGetsItAgain) {
  add_work("A", "P", State::looking);
  apple_.on(test::kAskCall, test::reports({with_profile("A", "ANOTHER")}));
  ask();
  EXPECT_EQ(work("A")->state, State::due);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::repaired));
}

TEST_F(AskQuestions, ADeviceThatLosesItAFourthTimeADayIsContested) {
  const auto work_of = add_work("A", "P", State::looking);
  write([&](Writer& w) -> Result<> {
    for (int i = 0; i < 3; ++i)
      MUSTER_TRY(w.add_history(account_.id, {work_of.device, clock_.now() - 1h, Kind::repaired, "P"}));
    return {};
  });
  apple_.on(test::kAskCall, test::reports({{.serial = "A"}}));
  ask();
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(device("A").contested_at, clock_.now());
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("P"));
}

TEST_F(AskQuestions, OnlyASecondWordMakesADeviceLeave) {
  answered_with(add_work("TWICE", "P", State::looking), "NOT_ACCESSIBLE");
  add_work("ONCE", "P", State::looking);
  apple_.on(test::kAskCall, test::reports({}));
  ask();
  ASSERT_TRUE(device("TWICE").tombstone);
  EXPECT_EQ(device("TWICE").tombstone->reason, Tombstone::Reason::not_accessible);
  EXPECT_FALSE(work("TWICE"));
  EXPECT_FALSE(device("ONCE").tombstone);
  EXPECT_EQ(work("ONCE")->next_try, clock_.now() + 15min);
}

TEST_F(AskQuestions, ASilentAnswerIsAskedForAgain) {
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, test::answer_json({{"devices", boost::json::object()}}));
  ask();
  EXPECT_EQ(work("A")->state, State::in_flight);
  EXPECT_EQ(work("A")->next_try, clock_.now() + 15min);
}

TEST_F(AskQuestions, WhatIsHeldIsConfirmedWithItsBatch) {
  hold({add_work("A", "P"), add_work("B", "P")});
  apple_.on(test::kAskCall, test::reports({with_profile("A", "P"), {.serial = "B"}}));
  ask();
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(batches(), 0u);
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(work("B")->state, State::confirming);
  EXPECT_EQ(work("B")->next_try, clock_.now() + 15min);
}

TEST_F(AskQuestions, WhatIsHeldIsWrittenDownWhenAppleDoesNotAnswer) {
  hold({add_work("A", "P")});
  apple_.on(test::kAskCall, test::answer_lost());
  EXPECT_FALSE(ask_questions(lane_.context));
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(batches(), 0u);
  EXPECT_EQ(work("A")->state, State::confirming);
  EXPECT_EQ(work("A")->last_answer, "SUCCESS");
}

TEST_F(AskQuestions, WhatIsHeldGoesOutAThousandACall) {
  std::vector<test::AppleRow> rows;
  for (const char* prefix : {"A", "B", "C"}) {
    const auto works = add_works(400, "P", prefix);
    for (const auto& work : works) rows.push_back(with_profile(work.serial.str(), "P"));
    hold(works);
  }
  apple_.on(test::kAskCall, test::reports(rows));
  ask();
  ASSERT_EQ(apple_.calls().size(), 2u);
  EXPECT_EQ(apple_.calls()[0].serials().size(), 800u) << "batches stay whole";
  EXPECT_EQ(read([&](Reader& r) { return r.assignment_count(account_.id); }), 0);
  EXPECT_EQ(batches(), 0u);
}

TEST_F(AskQuestions, WhatSomebodyWishedMeanwhileIsNotOverruled) {
  auto sent = add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, [&](const test::AppleCall& call) {
    auto requested = sent;  // manually, while Apple answers
    change_device("A", [](Device& d) { d.desired.profile = ProfileUuid("WISH"); });
    requested.profile = ProfileUuid("WISH");
    requested.state = State::due;
    requested.created_at = clock_.now() + 1s;
    write([&](Writer& w) { return w.put_assignment(requested); });
    return test::reports({with_profile("A", "P")})(call);
  });
  ask();
  ASSERT_TRUE(work("A"));
  EXPECT_EQ(work("A")->profile, ProfileUuid("WISH"));
  EXPECT_EQ(work("A")->state, State::due);
}

TEST_F(AskQuestions, ADeviceThatLeftMeanwhileStaysGone) {
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, [&](const test::AppleCall& call) {
    change_device("A", [&](Device& d) { d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()}; });
    const auto id = device("A").id;
    write([&](Writer& w) { return w.remove_assignment(id); });
    return test::reports({with_profile("A", "P")})(call);
  });
  ask();
  EXPECT_TRUE(device("A").tombstone);
  EXPECT_FALSE(work("A"));
  EXPECT_FALSE(device("A").facts.has_profile(ProfileUuid("P")));
}

TEST_F(AskQuestions, AConfirmedProfileIsOneThatAppleKnows) {
  add_work("A", "P", State::confirming);
  write([&](Writer& w) {
    return w.put_profile_trouble(account_.id, ProfileUuid("P"), ProfileTrouble{.word = "NOT_FOUND"});
  });
  apple_.on(test::kAskCall, test::reports({with_profile("A", "P")}));
  ask();
  EXPECT_TRUE(read([&](Reader& r) { return r.profile_troubles(account_.id); }).empty());
}

TEST_F(AskQuestions, ATieIsSettledByWhatAppleReports) {
  add_rule({.filter = "*", .profile = ProfileUuid("RULE")});
  add_question(Question::Kind::tie, "THERE");
  add_device("GONE");
  add_question(Question::Kind::tie, "GONE");
  apple_.on(test::kAskCall, test::reports({{.serial = "THERE"}}));
  ask();
  EXPECT_THAT(kinds("THERE"), ElementsAre(Kind::arrived));
  EXPECT_EQ(work("THERE")->profile, ProfileUuid("RULE"));
  ASSERT_TRUE(device("GONE").tombstone);
  EXPECT_EQ(device("GONE").tombstone->reason, Tombstone::Reason::deleted);
  EXPECT_THAT(questions(Question::Kind::tie), IsEmpty());
  const Report report = lane_.memory.report.with([](const Report& counted) { return counted; });
  EXPECT_EQ(report.arrivals, 1);
  EXPECT_EQ(report.left, 1);
}

TEST_F(AskQuestions, ATieWithoutAClearWordIsAskedAboutEverMoreSeldom) {
  add_question(Question::Kind::tie, "A");
  apple_.on(test::kAskCall, test::reports({{.serial = "A", .answer = "SOMETHING_NEW"}}));
  ask();
  ASSERT_EQ(questions(Question::Kind::tie).size(), 1u);
  EXPECT_EQ(questions(Question::Kind::tie)[0].next_try, clock_.now() + 15min);
  clock_.advance(15min);
  ask();
  EXPECT_EQ(questions(Question::Kind::tie)[0].attempts, 2);
  EXPECT_EQ(questions(Question::Kind::tie)[0].next_try, clock_.now() + 30min);
  EXPECT_FALSE(is_known("A"));
}

TEST_F(AskQuestions, AMissingDeviceLeavesByApplesWordOnly) {
  add_device("GONE");
  add_device("THERE");
  add_device("UNCLEAR");
  for (const char* serial : {"GONE", "THERE", "UNCLEAR"}) add_question(Question::Kind::missing, serial);
  apple_.on(test::kAskCall,
            test::reports({with_profile("THERE", "X"), {.serial = "UNCLEAR", .answer = "FAILED"}}));
  ask();
  ASSERT_TRUE(device("GONE").tombstone);
  EXPECT_EQ(device("GONE").tombstone->reason, Tombstone::Reason::absent);
  EXPECT_FALSE(device("THERE").tombstone);
  EXPECT_TRUE(device("THERE").facts.has_profile(ProfileUuid("X"))) << "what Apple shows is taken over";
  EXPECT_FALSE(device("UNCLEAR").tombstone);
  ASSERT_EQ(questions(Question::Kind::missing).size(), 1u);
  EXPECT_EQ(questions(Question::Kind::missing)[0].serial, Serial("UNCLEAR"));
}

TEST_F(AskQuestions, AMissingDeviceKeepsWhatWasDecidedAboutIt) {
  add_device("GONE");
  const Desired intent{Desired::By::manual, ProfileUuid("P"), {}, clock_.now()};
  change_device("GONE", [&](Device& d) { d.desired = intent; });
  add_question(Question::Kind::missing, "GONE");
  apple_.on(test::kAskCall, test::reports({}));
  ask();
  EXPECT_TRUE(device("GONE").tombstone);
  EXPECT_EQ(device("GONE").desired, intent) << "it may come back as it was";
}

TEST_F(AskQuestions, AFoundDeviceThatLacksItsProfileIsLookedAt) {
  add_device("A");
  change_device("A", [&](Device& d) {
    d.desired = {Desired::By::manual, ProfileUuid("P"), {}, clock_.now()};
  });
  add_question(Question::Kind::missing, "A");
  auto answer = test::reports({{.serial = "A"}});
  apple_.on(test::kAskCall, answer);
  ask();
  EXPECT_EQ(work("A")->state, State::due) << "it drifted, and was looked at in the same turn";
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::repaired));
}

TEST_F(AskQuestions, MissingDevicesTakeTenCallsATurn) {
  std::vector<Question> all;
  for (int i = 0; i < 10'001; ++i)
    all.push_back({.account = account_.id,
                   .kind = Question::Kind::missing,
                   .serial = Serial(fmt::format("C{:05}", i)),
                   .op_date = {},
                   .since = clock_.now(),
                   .next_try = clock_.now()});
  write([&](Writer& w) { return w.put_questions(all); });
  apple_.on(test::kAskCall, test::reports({}));
  ask();
  EXPECT_EQ(apple_.calls().size(), 10u);
  EXPECT_EQ(questions(Question::Kind::missing).size(), 1u);
}

TEST_F(AskQuestions, AKindThatAppleRejectsKeepsNoOtherFromBeingAsked) {
  add_question(Question::Kind::tie, "TIE");
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, [](const test::AppleCall& call) {
    return call.serials().front() == "TIE" ? test::answer_word(400, "SOME_REASON")(call)
                                           : test::reports({with_profile("A", "P")})(call);
  });
  ask();
  EXPECT_FALSE(work("A"));
  ASSERT_EQ(questions(Question::Kind::tie).size(), 1u);
  EXPECT_EQ(questions(Question::Kind::tie)[0].attempts, 1) << "the device alone was rejected: it waits";
}

TEST_F(AskQuestions, ARejectionOfEverythingIsTheLanesError) {
  add_work("A", "P", State::in_flight);
  add_question(Question::Kind::tie, "TIE");
  apple_.on(test::kAskCall, test::answer_word(400, "SOME_REASON"));
  const auto asked = ask_questions(lane_.context);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().remote.word, "SOME_REASON");
  EXPECT_EQ(work("A")->state, State::in_flight);
  EXPECT_EQ(work("A")->attempts, 0);
}

TEST_F(AskQuestions, AnyOtherErrorEndsTheTurn) {
  add_question(Question::Kind::tie, "TIE");
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, test::answer_word(503, "busy"));
  EXPECT_FALSE(ask_questions(lane_.context));
  EXPECT_EQ(apple_.calls().size(), 1u);
}

TEST_F(AskQuestions, AfterFailuresAnotherKindBegins) {
  add_question(Question::Kind::tie, "TIE");
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, test::answer_word(503, "busy"));
  lane_.context.failures = 1;
  EXPECT_FALSE(ask_questions(lane_.context));
  ASSERT_EQ(apple_.calls().size(), 1u);
  EXPECT_THAT(apple_.calls()[0].serials(), ElementsAre("A"));
}

TEST_F(AskQuestions, NothingIsStoredForATokenThatWasReplaced) {
  add_work("A", "P", State::in_flight);
  apple_.on(test::kAskCall, [&](const test::AppleCall& call) {
    write([&](Writer& w) { return w.put_token(account_.id, {"other", "CS", "AT", "AS", {}}); });
    return test::reports({with_profile("A", "P")})(call);
  });
  const auto asked = ask_questions(lane_.context);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Code::cancelled);
  EXPECT_TRUE(work("A"));
}

}  // namespace
}  // namespace muster::sync
