// A step of an assignment becomes durable, unless the assignment was replaced meanwhile.
#include "sync/work/work_step.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;
using State = Assignment::State;
using testing::ElementsAre;
using testing::IsEmpty;

const AnswerWord kGone = read_answer_word("NOT_ACCESSIBLE");

class WorkSteps : public test::AccountFixture {
 protected:
  // Whether the assignment is confirmed.
  bool take(const Assignment& work, const assign::WorkEvent& event) {
    return test::must(
        update_devices(*store_, account_.id, [&](Writer& writer, DeviceUpdates& updates) -> Result<bool> {
          MUSTER_TRY(auto found, writer.device(work.device));
          Waits waits(clock_.now());
          MUSTER_TRY(take_step(updates, updates.keep(std::move(*found)), work, event, waits, clock_.now()));
          return !updates.confirmed().empty();
        }));
  }
  Time next_try(const assign::WorkStep& step) {
    Waits waits(clock_.now());
    return waiting(step, waits).next_try;
  }
};

TEST_F(WorkSteps, AConfirmedAssignmentIsNoMore) {
  const auto due = add_work("A", "P", State::confirming);
  EXPECT_TRUE(take(due, assign::Reported{.has_profile = true}));
  EXPECT_FALSE(work("A"));
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::confirmed));
  EXPECT_EQ(history("A")[0].detail, "P");
}

TEST_F(WorkSteps, AnAssignmentThatGoesOnIsStoredWithItsWait) {
  const auto due = add_work("A", "P", State::in_flight);
  EXPECT_FALSE(take(due, assign::Answered{read_answer_word("SOMETHING_NEW")}));
  EXPECT_EQ(work("A")->state, State::looking);
  EXPECT_EQ(work("A")->last_answer, "SOMETHING_NEW");
  EXPECT_EQ(work("A")->next_try, clock_.now() + 10min);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::answered));
}

TEST_F(WorkSteps, ADeviceThatAppleDoesNotHaveLeaves) {
  auto denied = add_work("A", "P", State::looking);
  denied.last_answer = "NOT_ACCESSIBLE";
  write([&](Writer& w) { return w.put_assignment(denied); });
  EXPECT_FALSE(take(denied, assign::NotReported{kGone}));
  ASSERT_TRUE(device("A").tombstone);
  EXPECT_EQ(device("A").tombstone->reason, Tombstone::Reason::not_accessible);
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("P")) << "it may return";
  EXPECT_FALSE(work("A"));
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::left));
}

TEST_F(WorkSteps, AContestedDeviceIsLeftAlone) {
  const auto drifted = add_work("A", "P", State::looking);
  EXPECT_FALSE(take(drifted, assign::Reported{.repaired_too_often = true}));
  EXPECT_EQ(device("A").contested_at, clock_.now());
  EXPECT_FALSE(work("A"));
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::contested));
}

TEST_F(WorkSteps, AReplacedAssignmentStaysAsItIs) {
  const auto old = add_work("A", "P", State::confirming);
  auto newer = old;
  newer.created_at += 1s;
  auto other_profile = old;
  other_profile.profile = ProfileUuid("Q");
  for (const auto& present : {newer, other_profile}) {
    write([&](Writer& w) { return w.put_assignment(present); });
    EXPECT_FALSE(take(old, assign::Reported{.has_profile = true}));
    EXPECT_EQ(work("A"), present);
  }
  EXPECT_THAT(kinds("A"), IsEmpty());
}

TEST_F(WorkSteps, ARemovedAssignmentIsNotBroughtBack) {
  const auto old = add_work("A", "P", State::in_flight);
  write([&](Writer& w) { return w.remove_assignment(old.device); });
  EXPECT_FALSE(take(old, assign::Answered{read_answer_word("FAILED")}));
  EXPECT_FALSE(work("A"));
  EXPECT_THAT(kinds("A"), IsEmpty());
}

TEST_F(WorkSteps, OurOwnWaitsHaveJitterApplesHaveNot) {
  const auto failed = assign::next_step(add_work("A", "P"), assign::Answered{read_answer_word("FAILED")});
  EXPECT_GE(next_try(failed), clock_.now() + 10min);
  EXPECT_LE(next_try(failed), clock_.now() + 11min);
  const auto throttled =
      assign::next_step(add_work("B", "P"), assign::Answered{read_answer_word("THROTTLED"), 1h});
  EXPECT_EQ(next_try(throttled), clock_.now() + 1h);
}

TEST_F(WorkSteps, WhoWaitsEquallyLongIsDueTogether) {
  const auto step = assign::next_step(add_work("A", "P"), assign::Answered{read_answer_word("FAILED")});
  Waits waits(clock_.now());
  EXPECT_EQ(waiting(step, waits).next_try, waiting(step, waits).next_try);
}

}  // namespace
}  // namespace muster::sync
