// An operator assigns a profile, removes it, or takes devices out of the database.
#include "sync/work/manual.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::serials_of;
using Kind = HistoryEntry::Kind;
using State = Assignment::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr const char* kRemove = "DELETE /profile/devices";

class Manual : public test::AccountFixture {
 protected:
  Result<apple::SerialAnswers> assign(const std::vector<Serial>& wanted, const std::string& profile = "P") {
    return assign_manually(lane_.context, ProfileUuid(profile), wanted);
  }
  Result<apple::SerialAnswers> remove(const std::vector<Serial>& wanted) {
    return remove_manually(lane_.context, wanted);
  }
  Result<> forget(const std::vector<Serial>& wanted) {
    return forget_devices(*store_, account_.id, wanted, clock_.now());
  }
};

TEST_F(Manual, SuccessIsConfirmedByApplesReport) {
  add_device("A");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  const auto answered = assign(serials_of({"A"}));
  ASSERT_TRUE(answered);
  EXPECT_TRUE(answered->answer_for(Serial("A")).is_success());
  EXPECT_EQ(work("A")->state, State::confirming);
  EXPECT_EQ(work("A")->next_try, clock_.now());
  EXPECT_EQ(device("A").desired.by, Desired::By::manual);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::decided, Kind::answered));
  EXPECT_EQ(history("A")[1].detail, "SUCCESS P");
  EXPECT_THAT(lane_.woken, ElementsAre(Lane::questions, Lane::assignment));
}

TEST_F(Manual, TheWishIsStoredBeforeAppleIsAsked) {
  add_device("A");
  std::optional<Assignment> stored;
  apple_.on(test::kAssignCall, [&](const test::AppleCall& call) {
    stored = work("A");
    return test::answers("SUCCESS")(call);
  });
  ASSERT_TRUE(assign(serials_of({"A"})));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->state, State::in_flight);
}

TEST_F(Manual, NobodyIsNoCall) {
  EXPECT_TRUE(assign({}));
  EXPECT_TRUE(remove({}));
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(Manual, ACallHasAThousandDevicesAtMostAndTheAnswersAreOne) {
  std::vector<Serial> many;
  for (int i = 0; i < 1001; ++i) many.emplace_back(fmt::format("C{:04}", i));
  apple_.on(test::kAssignCall, test::answers("SUCCESS", {{"C1000", "FAILED"}}));
  const auto answered = assign(many);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->answers.size(), 1001u);
  EXPECT_EQ(answered->answer_for(Serial("C1000")).kind, AnswerWord::Kind::failed);
  ASSERT_EQ(apple_.calls().size(), 2u);
  EXPECT_EQ(apple_.calls()[0].serials().size(), 1000u);
}

TEST_F(Manual, WhatIsNotTakenForNowIsTriedAgain) {
  for (const char* serial : {"FAILED", "SILENT", "NEWWORD"}) add_device(serial);
  apple_.on(test::kAssignCall, test::answers("", {{"FAILED", "FAILED"}, {"NEWWORD", "SOMETHING_NEW"}}));
  ASSERT_TRUE(assign(serials_of({"FAILED", "SILENT", "NEWWORD"})));
  for (const char* serial : {"FAILED", "SILENT"}) {
    EXPECT_EQ(work(serial)->state, State::due) << serial;
    EXPECT_GE(work(serial)->next_try, clock_.now() + 10min) << serial;
    EXPECT_EQ(device(serial).desired.by, Desired::By::manual) << serial;
  }
  EXPECT_EQ(work("NEWWORD")->state, State::looking);
}

TEST_F(Manual, WhatIsNoDeviceOfThisAccountIsTakenBack) {
  add_device("A");
  apple_.on(test::kAssignCall, test::answers("NOT_ACCESSIBLE"));
  ASSERT_TRUE(assign(serials_of({"A", "STRANGER"})));
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(device("A").desired, Desired());
  EXPECT_FALSE(device("A").tombstone) << "one odd word is no proof";
  EXPECT_TRUE(device("STRANGER").tombstone);
}

TEST_F(Manual, SuccessRevivesATombstone) {
  add_device("A");
  change_device("A", [&](Device& d) { d.tombstone = Tombstone{Tombstone::Reason::absent, clock_.now()}; });
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  ASSERT_TRUE(assign(serials_of({"A"})));
  EXPECT_FALSE(device("A").tombstone);
  EXPECT_EQ(work("A")->state, State::confirming);
}

TEST_F(Manual, WhatADeviceHadAlreadyNeedsNoRepetition) {
  add_device("A", "pushed", "P");
  apple_.on(test::kAssignCall, test::answers("FAILED"));
  ASSERT_TRUE(assign(serials_of({"A"})));
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("P"));
}

TEST_F(Manual, ALostAnswerLosesNoWish) {
  add_device("A");
  apple_.on(test::kAssignCall, test::answer_lost());
  const auto answered = assign(serials_of({"A"}));
  ASSERT_FALSE(answered);
  EXPECT_THAT(answered.error().hint, HasSubstr("Muster checks and continues automatically"));
  EXPECT_EQ(work("A")->state, State::in_flight);
  EXPECT_GT(work("A")->next_try, clock_.now());
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("P"));
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::questions}));
}

TEST_F(Manual, ARefusedCallIsTakenBack) {
  const auto before = add_work("A", "BEFORE");
  apple_.on(test::kAssignCall, test::answer_word(404, "PROFILE_NOT_FOUND"));
  const auto answered = assign(serials_of({"A", "NEW"}));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().remote.word, "PROFILE_NOT_FOUND");
  EXPECT_EQ(work("A"), before);
  EXPECT_TRUE(device("NEW").tombstone);
}

TEST_F(Manual, SomebodyElsesWishMeanwhileStays) {
  add_device("A");
  bool is_inner = false;
  apple_.on(test::kAssignCall, [&](const test::AppleCall& call) -> Result<http::Response> {
    if (!std::exchange(is_inner, true)) {
      clock_.advance(1s);
      EXPECT_TRUE(assign(serials_of({"A"}), "SECOND"));
      return test::answers("FAILED")(call);
    }
    return test::answers("SUCCESS")(call);
  });
  ASSERT_TRUE(assign(serials_of({"A"}), "FIRST"));
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("SECOND"));
  EXPECT_EQ(work("A")->profile, ProfileUuid("SECOND"));
  EXPECT_EQ(work("A")->state, State::confirming);
}

TEST_F(Manual, AnAnswerSaysThatAppleKnowsTheProfile) {
  write([&](Writer& w) {
    return w.put_profile_trouble(account_.id, ProfileUuid("P"), ProfileTrouble{.word = "NOT_FOUND"});
  });
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  ASSERT_TRUE(assign(serials_of({"A"})));
  EXPECT_TRUE(read([&](Reader& r) { return r.profile_troubles(account_.id); }).empty());
}

TEST_F(Manual, ARemovedProfileIsAHold) {
  add_device("A", "assigned", "P");
  apple_.on(kRemove, test::answers("SUCCESS"));
  ASSERT_TRUE(remove(serials_of({"A"})));
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
  EXPECT_EQ(device("A").facts.profile_status, "removed");
  EXPECT_FALSE(work("A"));
}

TEST_F(Manual, AnythingButSuccessLeavesTheProfileAndNoHold) {
  for (const char* serial : {"FAILED", "SILENT", "GONE"}) add_device(serial, "assigned", "P");
  apple_.on(kRemove, test::answers("", {{"FAILED", "FAILED"}, {"GONE", "NOT_ACCESSIBLE"}}));
  ASSERT_TRUE(remove(serials_of({"FAILED", "SILENT", "GONE"})));
  for (const char* serial : {"FAILED", "SILENT", "GONE"}) {
    EXPECT_EQ(device(serial).desired, Desired()) << serial;
    EXPECT_EQ(device(serial).facts.profile_status, "assigned") << serial;
  }
}

TEST_F(Manual, ALostRemovalIsAHoldAllTheSame) {
  add_device("A", "assigned", "P");
  apple_.on(kRemove, test::answer_lost());
  const auto removed = remove(serials_of({"A"}));
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().hint, HasSubstr("The profile may have been removed nevertheless"));
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
}

TEST_F(Manual, ARefusedRemovalGivesTheWaitingWorkBack) {
  const auto before = add_work("A", "P");
  apple_.on(kRemove, test::answer_word(400, "MALFORMED_REQUEST_BODY"));
  EXPECT_FALSE(remove(serials_of({"A"})));
  EXPECT_EQ(work("A"), before);
  EXPECT_THAT(lane_.woken, ElementsAre(Lane::assignment));
}

TEST_F(Manual, AForgottenDeviceIsATombstoneWithoutWork) {
  add_work("A", "P");
  ASSERT_TRUE(forget(serials_of({"A"})));
  ASSERT_TRUE(device("A").tombstone);
  EXPECT_EQ(device("A").tombstone->reason, Tombstone::Reason::removed);
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(device("A").desired, Desired());
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(Manual, NothingIsForgottenWhenOneIsNotThere) {
  add_device("A");
  add_device("LEFT");
  change_device("LEFT", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  for (const char* absent : {"NOBODY", "LEFT"}) {
    const auto forgotten = forget(serials_of({"A", absent}));
    ASSERT_FALSE(forgotten) << absent;
    EXPECT_EQ(forgotten.error().code, Code::not_found);
    EXPECT_THAT(forgotten.error().message, HasSubstr(absent));
    EXPECT_FALSE(device("A").tombstone);
  }
}

TEST_F(Manual, RowsFromBeforeADeviceWasForgottenAreOld) {
  add_device("A");
  write([&](Writer& w) { return w.put_clock_offset(account_.id, 10min); });  // ours is ahead of Apple's
  ASSERT_TRUE(forget(serials_of({"A"})));
  EXPECT_EQ(device("A").asked_after, clock_.now() - 10min + 2s);
}

TEST_F(Manual, ADeviceThatIsNamedTwiceIsForgottenOnce) {
  add_device("A");
  ASSERT_TRUE(forget(serials_of({"A", "A"})));
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::left));
}

}  // namespace
}  // namespace muster::sync
