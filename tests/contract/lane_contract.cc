// What the four lanes of an account keep: sent batches, questions, troubles.
#include "tests/contract/lane_contract.h"

#include <gmock/gmock.h>

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using State = Assignment::State;
using Urgency = Assignment::Urgency;

const auto serials_in = [](const std::vector<Assignment>& batch) {
  std::vector<std::string> all;
  for (const auto& assignment : batch) all.push_back(assignment.serial.str());
  return all;
};

TEST_P(LaneContract, WhatIsSentIsInFlightByOneRow) {
  const auto account = make_account();
  for (const auto* serial : {"A1", "A2", "A3", "A4", "A5"})
    make_assignment(make_device(account, serial), "U1", kLaneNow);
  const auto first = next_batch(account, 2);
  const auto sent = send(first);
  EXPECT_THAT(read([&](Reader& r) { return r.sent_batches(account); }), ElementsAre(sent));
  EXPECT_EQ(state_of(first[0]), State::in_flight);
  EXPECT_EQ(state_of(first[1]), State::in_flight);
  const auto second = next_batch(account, 2);
  EXPECT_THAT(serials_in(second), ElementsAre("A3", "A4"));
  EXPECT_EQ(state_of(second[0]), State::due);
  const auto sent_too = send(second);
  EXPECT_THAT(serials_in(next_batch(account, 9)), ElementsAre("A5"));
  EXPECT_THAT(read([&](Reader& r) { return r.assignments_in(account, State::in_flight, kLaneNow, 9); }),
              IsEmpty());

  // Nothing was done: one write, and it is due as before.
  write([&](Writer& w) { return w.remove_sent_batch(sent.id); });
  write([&](Writer& w) { return w.remove_sent_batch(sent_too.id); });
  EXPECT_THAT(serials_in(next_batch(account, 9)), ElementsAre("A1", "A2", "A3", "A4", "A5"));
}

TEST_P(LaneContract, ABatchWithoutAnAnswerIsMarkedRowByRow) {
  const auto account = make_account();
  for (const auto* serial : {"A1", "A2", "A3"})
    make_assignment(make_device(account, serial), "U1", kLaneNow - 1h);
  const auto sent = send(next_batch(account, 2));
  reopen();
  write([&](Writer& w) { return w.mark_in_flight(sent.id, kLaneNow); });
  const auto in_flight =
      read([&](Reader& r) { return r.assignments_in(account, State::in_flight, kLaneNow, 9); });
  EXPECT_THAT(serials_in(in_flight), ElementsAre("A1", "A2"));
  EXPECT_EQ(in_flight.front().next_try, kLaneNow);
  EXPECT_THAT(serials_in(next_batch(account, 9)), ElementsAre("A3"));
  EXPECT_THAT(read([&](Reader& r) { return r.sent_batches(account); }), IsEmpty());
}

TEST_P(LaneContract, ABatchIsOfItsUrgencyAndProfile) {
  const auto account = make_account();
  const auto put = [&](const char* serial, const char* profile, Urgency urgency) {
    auto assignment = make_assignment(make_device(account, serial), profile, kLaneNow);
    assignment.urgency = urgency;
    write([&](Writer& w) { return w.put_assignment(assignment); });
    return assignment;
  };
  const auto first = put("A1", "U1", Urgency::arrival);
  const auto retry = put("A2", "U1", Urgency::retry);
  const auto other = put("A3", "U2", Urgency::arrival);
  const auto last = put("A4", "U1", Urgency::arrival);
  SentBatch sent = send({first, last});
  EXPECT_EQ(state_of(first), State::in_flight);
  EXPECT_EQ(state_of(retry), State::due);
  EXPECT_EQ(state_of(other), State::due);
  EXPECT_THAT(serials_in(next_batch(account, 9)), ElementsAre("A3"));
  EXPECT_THAT(serials_in(next_batch(account, 9, {ProfileUuid("U2")})), ElementsAre("A2"));
  EXPECT_THAT(next_batch(account, 9, {ProfileUuid("U1"), ProfileUuid("U2")}), IsEmpty());
}

TEST_P(LaneContract, NobodyRepointsWhatIsSent) {
  const auto account = make_account();
  auto device = make_device(account, "A1");
  device.desired = {Desired::By::rule, ProfileUuid("OLD"), RuleId{1}, kLaneNow};
  write([&](Writer& w) { return w.update_device(device); });
  make_assignment(device, "OLD", kLaneNow);
  const Rule rule{.id = RuleId{1}, .account = account, .filter = "*", .profile = ProfileUuid("NEW")};
  const auto sent = send(next_batch(account, 9));
  EXPECT_EQ(*store().write(installation, [&](Writer& w) { return w.repoint_waiting(rule, kLaneNow); }), 0);
  write([&](Writer& w) { return w.remove_sent_batch(sent.id); });
  EXPECT_EQ(*store().write(installation, [&](Writer& w) { return w.repoint_waiting(rule, kLaneNow); }), 1);
}

TEST_P(LaneContract, QuestionsWaitForTheirTime) {
  const auto account = make_account(), other = make_account("other");
  const auto question = [&](AccountId of, Question::Kind kind, const char* serial, Time next_try) {
    return Question{.account = of,
                    .kind = kind,
                    .serial = Serial(serial),
                    .operation = DeviceReport::Operation::added,
                    .op_date = kLaneNow - 1h,
                    .since = kLaneNow,
                    .next_try = next_try,
                    .attempts = 2};
  };
  EXPECT_FALSE(read([&](Reader& r) { return r.next_question_time(account); }));
  const auto tie = question(account, Question::Kind::tie, "T", kLaneNow + 1min);
  const std::vector<Question> all = {question(account, Question::Kind::missing, "M2", kLaneNow - 1s),
                                     question(account, Question::Kind::missing, "M1", kLaneNow - 2s), tie,
                                     question(account, Question::Kind::replacement, "R", kLaneNow - 3s),
                                     question(other, Question::Kind::missing, "OTHER", kLaneNow - 4s)};
  write([&](Writer& w) { return w.put_questions(all); });
  reopen();
  const auto due = [&](Question::Kind kind, Time now) {
    return read([&](Reader& r) { return r.questions(account, kind, now, 9); });
  };
  EXPECT_THAT(due(Question::Kind::missing, kLaneNow), ElementsAre(all[1], all[0]));
  EXPECT_THAT(due(Question::Kind::tie, kLaneNow), IsEmpty());
  EXPECT_THAT(due(Question::Kind::tie, kLaneNow + 1min), ElementsAre(tie));
  EXPECT_THAT(due(Question::Kind::replacement, kLaneNow), ElementsAre(all[3]));
  EXPECT_EQ(read([&](Reader& r) { return r.next_question_time(account); }), kLaneNow - 3s);
  const std::vector<Serial> about{Serial("M1"), Serial("T")};
  EXPECT_THAT(read([&](Reader& r) { return r.questions_about(account, Question::Kind::tie, about); }),
              ElementsAre(tie));
  write([&](Writer& w) { return w.remove_questions(account, Question::Kind::missing, about); });
  EXPECT_THAT(due(Question::Kind::missing, kLaneNow), SizeIs(1));
  EXPECT_THAT(due(Question::Kind::tie, kLaneNow + 1h), SizeIs(1));
}

TEST_P(LaneContract, TroublesAreKeptUntilTheyAreOver) {
  const auto account = make_account();
  const LaneTrouble trouble{.state = Health::State::forbidden,
                            .since = kLaneNow,
                            .failures = 3,
                            .retry_at = kLaneNow + 1min,
                            .word = "FORBIDDEN",
                            .message = "no",
                            .remedy = "ask"};
  const ProfileTrouble unknown{
      .word = "NOT_FOUND", .since = kLaneNow, .failures = 1, .retry_at = kLaneNow + 1h};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_lane_trouble(account, Lane::questions, trouble));
    MUSTER_TRY(w.put_clock_offset(account, -5min));
    return w.put_profile_trouble(account, ProfileUuid("U"), unknown);
  });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.lane_troubles(account); }),
            (std::map<Lane, LaneTrouble>{{Lane::questions, trouble}}));
  EXPECT_EQ(read([&](Reader& r) { return r.profile_troubles(account); }),
            (std::map<ProfileUuid, ProfileTrouble>{{ProfileUuid("U"), unknown}}));
  EXPECT_EQ(read([&](Reader& r) { return r.account(account); })->clock_offset, Millis(-5min));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_lane_trouble(account, Lane::questions, std::nullopt));
    return w.put_profile_trouble(account, ProfileUuid("U"), std::nullopt);
  });
  EXPECT_THAT(read([&](Reader& r) { return r.lane_troubles(account); }), IsEmpty());
  EXPECT_THAT(read([&](Reader& r) { return r.profile_troubles(account); }), IsEmpty());
}

TEST_P(LaneContract, SchedulesMoveWithTheWallClock) {
  const auto account = make_account();
  const auto batch_device = make_device(account, "A1"), later = make_device(account, "A2");
  make_assignment(batch_device, "U1", kLaneNow);
  make_assignment(later, "U1", kLaneNow + 1h);
  send(next_batch(account, 9));
  SyncState state;
  state.next_list = kLaneNow + 2h;
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_sync_state(account, state));
    MUSTER_TRY(
        w.put_lane_trouble(account, Lane::changes,
                           LaneTrouble{.retry_at = kLaneNow + 3h, .word = {}, .message = {}, .remedy = {}}));
    Health health;
    health.not_before = kLaneNow + 4h;
    MUSTER_TRY(w.put_health(account, health));
    return w.shift_schedules(-5h);
  });
  EXPECT_EQ(read([&](Reader& r) { return r.next_assignment_time(account, State::due); }), kLaneNow - 4h);
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(batch_device.id); })->state, State::in_flight)
      << "still";
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(account); }).next_list, kLaneNow - 3h);
  EXPECT_EQ(read([&](Reader& r) { return r.lane_troubles(account); }).at(Lane::changes).retry_at,
            kLaneNow - 2h);
  EXPECT_EQ(read([&](Reader& r) { return r.health(account); }).not_before, kLaneNow - 1h);
}

TEST_P(LaneContract, WhatWasSentIsMarkedAlsoWhenTheWallClockWasSetMeanwhile) {
  const auto account = make_account();
  const auto assignment = make_assignment(make_device(account, "A1"), "U1", kLaneNow);
  const auto sent = send({assignment});
  write([&](Writer& w) { return w.shift_schedules(-5h); });
  write([&](Writer& w) { return w.mark_in_flight(sent.id, kLaneNow - 5h); });
  EXPECT_EQ(state_of(assignment), State::in_flight);
}

TEST_P(LaneContract, NothingWaitsLongerThanItMay) {
  const auto account = make_account();
  const LongestWaits longest{.next_list = 24h, .assignment = 72h, .retry = 12h, .pause = 6h};
  const auto sent_device = make_device(account, "A1"), far = make_device(account, "A2"),
             near = make_device(account, "A3");
  const auto put = [&](Millis list, Millis retry, Millis pause, Time happened) {
    write([&](Writer& w) -> Result<> {
      SyncState state;
      state.next_list = kLaneNow + list;
      state.refetch_not_before = kLaneNow + retry;
      state.many_missing_since = happened;
      MUSTER_TRY(w.put_sync_state(account, state));
      MUSTER_TRY(w.put_lane_trouble(
          account, Lane::changes,
          LaneTrouble{.retry_at = kLaneNow + retry, .word = {}, .message = {}, .remedy = {}}));
      MUSTER_TRY(w.put_profile_trouble(account, ProfileUuid("U9"),
                                       ProfileTrouble{.word = {}, .retry_at = kLaneNow + retry}));
      MUSTER_TRY(w.put_questions(std::vector<Question>{
          {.account = account, .serial = Serial("A1"), .op_date = kLaneNow, .next_try = kLaneNow + retry}}));
      MUSTER_TRY(
          w.put_run_record(account, {.last_success = happened, .last_attempt = happened, .last_error = {}}));
      Health health;
      health.not_before = kLaneNow + pause;
      health.told = happened;
      MUSTER_TRY(w.put_health(account, health));
      return w.end_impossible_waits(kLaneNow, longest);
    });
  };
  make_assignment(sent_device, "U1", kLaneNow + 100h);
  send({*read([&](Reader& r) { return r.assignment(sent_device.id); })});
  make_assignment(far, "U1", kLaneNow + 73h);
  make_assignment(near, "U1", kLaneNow + 71h);

  put(24h, 12h, 6h, kLaneNow);
  auto state = read([&](Reader& r) { return r.sync_state(account); });
  EXPECT_EQ(state.next_list, kLaneNow + 24h);
  EXPECT_EQ(state.refetch_not_before, kLaneNow + 12h);
  EXPECT_EQ(read([&](Reader& r) { return r.lane_troubles(account); }).at(Lane::changes).retry_at,
            kLaneNow + 12h);
  EXPECT_EQ(read([&](Reader& r) { return r.next_question_time(account); }), kLaneNow + 12h);
  EXPECT_EQ(read([&](Reader& r) { return r.health(account); }).not_before, kLaneNow + 6h);
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(sent_device.id); })->state, State::in_flight)
      << "still";
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(sent_device.id); })->next_try, kLaneNow);
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(far.id); })->next_try, kLaneNow);
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(near.id); })->next_try, kLaneNow + 71h);

  put(25h, 13h, 7h, kLaneNow + 1s);
  state = read([&](Reader& r) { return r.sync_state(account); });
  EXPECT_EQ(state.next_list, kLaneNow);
  EXPECT_EQ(state.refetch_not_before, kLaneNow);
  EXPECT_EQ(state.many_missing_since, kLaneNow);
  EXPECT_EQ(read([&](Reader& r) { return r.lane_troubles(account); }).at(Lane::changes).retry_at, kLaneNow);
  EXPECT_EQ(read([&](Reader& r) { return r.profile_troubles(account); }).at(ProfileUuid("U9")).retry_at,
            kLaneNow);
  EXPECT_EQ(read([&](Reader& r) { return r.next_question_time(account); }), kLaneNow);
  const auto health = read([&](Reader& r) { return r.health(account); });
  EXPECT_EQ(health.not_before, std::nullopt);
  EXPECT_EQ(health.told, kLaneNow);
  EXPECT_EQ(read([&](Reader& r) { return r.run_record(account); }).last_attempt, kLaneNow);
}

}  // namespace
}  // namespace muster::test
