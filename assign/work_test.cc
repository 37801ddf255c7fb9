// Row by row, the table of assign/work.h.
#include "assign/work.h"

#include <gtest/gtest.h>

namespace muster::assign {
namespace {

using namespace std::chrono_literals;
using State = Assignment::State;
using Urgency = Assignment::Urgency;
using Kind = HistoryEntry::Kind;
using Then = WorkStep::Then;

Assignment work_in(State state, std::string last_answer = "", int attempts = 0) {
  return {.device = DeviceId{1},
          .serial = Serial("C01"),
          .account = AccountId{1},
          .profile = ProfileUuid("P"),
          .state = state,
          .attempts = attempts,
          .last_answer = std::move(last_answer)};
}

WorkEvent said(std::string_view word) { return Answered{read_answer_word(word), {}}; }
WorkEvent asked(std::string_view word) { return NotReported{read_answer_word(word)}; }
const WorkEvent kWithProfile = Reported{.has_profile = true};
const WorkEvent kWithoutProfile = Reported{};

void expect_step(const WorkStep& step, State state, Millis wait, std::optional<Kind> note = {}) {
  EXPECT_EQ(step.then, Then::go_on);
  EXPECT_EQ(step.work.state, state);
  EXPECT_EQ(step.wait, wait);
  EXPECT_EQ(step.note, note);
}

TEST(Work, TheReportOfTheProfileEndsItWhateverItsState) {
  for (const State state : {State::due, State::in_flight, State::confirming, State::looking, State::parked}) {
    const auto step = next_step(work_in(state), kWithProfile);
    EXPECT_EQ(step.then, Then::done);
    EXPECT_EQ(step.note, Kind::confirmed);
    EXPECT_EQ(step.detail, "P");
  }
}

TEST(Work, SuccessIsConfirmedAtOnceAndLeavesNoLineOfHistory) {
  expect_step(next_step(work_in(State::in_flight), said("SUCCESS")), State::confirming, 0ms);
}

TEST(Work, WhatAppleDidNotAcceptIsTriedAgainEverMoreSeldom) {
  for (const auto* word : {"FAILED", ""}) {
    auto step = next_step(work_in(State::in_flight), said(word));
    expect_step(step, State::due, 10min, Kind::answered);
    EXPECT_EQ(step.work.urgency, Urgency::retry);
    step = next_step(step.work, said(word));
    expect_step(step, State::due, 20min, Kind::answered);
    for (int i = 0; i < 20; ++i) step = next_step(step.work, said(word));
    EXPECT_EQ(step.wait, 24h);
  }
  EXPECT_EQ(next_step(work_in(State::in_flight), said("")).work.last_answer, kNoAnswer);
}

TEST(Work, AThrottledDeviceIsLeftAloneAsLongAsAppleSays) {
  const Answered answer{read_answer_word("THROTTLED"), 7200s};
  expect_step(next_step(work_in(State::in_flight), answer), State::due, 2h, Kind::answered);
  expect_step(next_step(work_in(State::in_flight), said("THROTTLED")), State::due, 24h, Kind::answered);
}

TEST(Work, OnlyASecondAnswerMakesADeviceLeave) {
  for (const auto* word : {"NOT_ACCESSIBLE", "NOT_FOUND"}) {
    auto step = next_step(work_in(State::in_flight), said(word));
    expect_step(step, State::looking, 0ms, Kind::answered);
    EXPECT_EQ(next_step(step.work, asked(word)).then, Then::left);
    // It is there all the same: as any other failure.
    expect_step(next_step(step.work, kWithoutProfile), State::due, 10min);
  }
  // One word alone, against what Apple has shown: never.
  for (const State state : {State::confirming, State::looking}) {
    auto step =
        next_step(work_in(state, state == State::confirming ? "SUCCESS" : ""), asked("NOT_ACCESSIBLE"));
    expect_step(step, state, 15min);
    for (int i = 0; i < 20; ++i) {
      step = next_step(step.work, asked("NOT_ACCESSIBLE"));
      ASSERT_EQ(step.then, Then::go_on);
    }
    expect_step(step, state, 24h);
  }
}

TEST(Work, AnUnknownCodeMeansNeitherLostNorDone) {
  auto step = next_step(work_in(State::in_flight), said("QUEUED"));
  expect_step(step, State::looking, 10min, Kind::answered);
  EXPECT_EQ(step.work.last_answer, "QUEUED");
  expect_step(next_step(step.work, asked("PENDING")), State::looking, 30min);
  EXPECT_EQ(next_step(step.work, asked("PENDING")).work.last_answer, "QUEUED; asked: PENDING");
  step = next_step(step.work, kWithoutProfile);
  expect_step(step, State::due, 0ms);
  step = next_step(step.work, said("QUEUED"));
  EXPECT_EQ(step.wait, 20min) << "ever more seldom";
  // A profile_status that is unknown
  for (const State state : {State::in_flight, State::confirming, State::looking})
    expect_step(next_step(work_in(state), Reported{.status_is_known = false}), state, 15min);
}

TEST(Work, ACallWithoutAnAnswerIsAskedAboutBeforeItIsSentAgain) {
  expect_step(next_step(work_in(State::due), Unanswered{}), State::in_flight, 0ms);
  expect_step(next_step(work_in(State::in_flight), kWithoutProfile), State::due, 0ms);
  expect_step(next_step(work_in(State::in_flight), asked("NOT_ACCESSIBLE")), State::due, 0ms);
  expect_step(next_step(work_in(State::in_flight), asked("FAILED")), State::in_flight, 15min);
}

TEST(Work, ASuccessThatIsNotReportedIsWaitedForOnceAndThenSentAgain) {
  auto step = next_step(work_in(State::confirming, "SUCCESS"), kWithoutProfile);
  expect_step(step, State::confirming, 15min);
  step = next_step(step.work, asked("FAILED"));  // asked in vain in between
  step = next_step(step.work, kWithoutProfile);
  EXPECT_EQ(step.work.state, State::due);
  EXPECT_EQ(step.note, Kind::not_confirmed);
  auto again = next_step(work_in(State::confirming, "SUCCESS, not confirmed"), kWithoutProfile);
  expect_step(again, State::due, 0ms, Kind::not_confirmed);
  again = next_step(work_in(State::confirming, "SUCCESS, not confirmed", 1), kWithoutProfile);
  expect_step(again, State::due, 10min, Kind::not_confirmed);
}

TEST(Work, DriftIsRepairedUntilTheDeviceIsContested) {
  expect_step(next_step(work_in(State::looking), kWithoutProfile), State::due, 0ms, Kind::repaired);
  const auto step = next_step(work_in(State::looking), Reported{.repaired_too_often = true});
  EXPECT_EQ(step.then, Then::contested);
  EXPECT_EQ(step.note, Kind::contested);
  // Asked in vain before, it is drift still.
  const auto unclear = next_step(work_in(State::looking), asked("PENDING"));
  EXPECT_EQ(unclear.work.last_answer, "asked: PENDING");
  expect_step(next_step(unclear.work, kWithoutProfile), State::due, 0ms, Kind::repaired);
}

TEST(Work, ARejectedDeviceIsParkedOnlyWhenItStoodAlone) {
  const auto parked = next_step(work_in(State::due), Rejected{"BAD_SERIAL", true});
  expect_step(parked, State::parked, 24h, Kind::answered);
  EXPECT_EQ(parked.work.last_answer, "BAD_SERIAL");
  expect_step(next_step(work_in(State::due), Rejected{"BAD_SERIAL", false}), State::due, 10min,
              Kind::answered);
  expect_step(next_step(parked.work, said("SUCCESS")), State::confirming, 0ms);
}

// Whatever happens in whatever state, no event loses the work or makes a storm of it.
TEST(Work, NoEventIsLostAndNoneRepeatsAtOnceForEver) {
  const std::vector<WorkEvent> events = {said("SUCCESS"),      said("FAILED"),
                                         said("THROTTLED"),    said("NOT_ACCESSIBLE"),
                                         said("NEW"),          said(""),
                                         Unanswered{},         Rejected{"X", true},
                                         Rejected{"X", false}, kWithoutProfile,
                                         asked("FAILED"),      asked(""),
                                         asked("NEW"),         Reported{.status_is_known = false}};
  for (const State state : {State::due, State::in_flight, State::confirming, State::looking, State::parked})
    for (const auto& event : events) {
      const auto step = next_step(work_in(state), event);
      EXPECT_EQ(step.then, Then::go_on);
      EXPECT_EQ(step.work.profile, ProfileUuid("P"));
      EXPECT_GE(step.wait, 0ms);
      EXPECT_LE(step.wait, 24h);
    }
}

}  // namespace
}  // namespace muster::assign
