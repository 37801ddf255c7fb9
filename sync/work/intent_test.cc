// An operator's intent is stored before Apple is asked, and taken back when Apple rejects it.
#include "sync/work/intent.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::serials_of;
using Kind = HistoryEntry::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

class Intents : public test::AccountFixture {
 protected:
  std::vector<Intent> intent(const std::vector<Serial>& wanted, const std::string& profile = "P") {
    return test::must(update_devices(
        *store_, account_.id, [&](Writer& writer, DeviceUpdates& updates) -> Result<std::vector<Intent>> {
          return store_profile_intent(writer, updates, account_.id, ProfileUuid(profile), wanted, time(),
                                      clock_.now() + 3min);
        }));
  }
  std::vector<Intent> hold(const std::vector<Serial>& wanted) {
    return test::must(update_devices(
        *store_, account_.id, [&](Writer& writer, DeviceUpdates& updates) -> Result<std::vector<Intent>> {
          return store_hold_intent(writer, updates, account_.id, wanted, time());
        }));
  }
  void refuse(const Intent& refused) {
    test::must(update_devices(*store_, account_.id, [&](Writer& writer, DeviceUpdates& updates) -> Result<> {
      MUSTER_TRY(const auto devices, load_devices(writer, updates, {refused}));
      revert(updates, devices, refused, clock_.now());
      return {};
    }));
  }
  // Our clock is ahead of Apple's.
  IntentTime time() const { return {clock_.now(), clock_.now() - 10s}; }
};

TEST_F(Intents, IsThePersonsWordFromThenOn) {
  add_device("A");
  intent(serials_of({"A"}));
  const Desired expected{Desired::By::manual, ProfileUuid("P"), {}, time().by_apple};
  EXPECT_EQ(device("A").desired, expected);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::decided));
  EXPECT_EQ(history("A")[0].detail, "manual assignment -> P");
}

TEST_F(Intents, IsInFlightAndNotLookedAtBeforeTheCallIsOver) {
  add_device("A");
  const auto made = intent(serials_of({"A"}));
  ASSERT_TRUE(work("A"));
  EXPECT_EQ(work("A")->state, Assignment::State::in_flight);
  EXPECT_EQ(work("A")->next_try, clock_.now() + 3min);
  EXPECT_EQ(work("A")->created_at, made.at(0).created_at);
}

TEST_F(Intents, NobodyIsNoWish) {
  EXPECT_THAT(intent({}), IsEmpty());
  EXPECT_THAT(hold({}), IsEmpty());
}

TEST_F(Intents, ASerialThatIsThereTwiceCountsOnce) {
  add_device("A");
  EXPECT_EQ(intent(serials_of({"A", "A"})).size(), 1u);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::decided));
}

TEST_F(Intents, ADeviceThatNoRunHasShownBecomesKnown) {
  const auto made = intent(serials_of({"NEW"}));
  EXPECT_TRUE(made.at(0).was_unknown);
  EXPECT_EQ(device("NEW").desired.profile, ProfileUuid("P"));
  EXPECT_EQ(device("NEW").first_seen, clock_.now());
  EXPECT_TRUE(work("NEW"));
}

TEST_F(Intents, EndsAContest) {
  add_device("A");
  change_device("A", [&](Device& d) { d.contested_at = clock_.now(); });
  const auto made = intent(serials_of({"A"}));
  EXPECT_FALSE(device("A").contested_at);
  refuse(made.at(0));
  EXPECT_EQ(device("A").contested_at, clock_.now()) << "unless Apple refuses it";
}

TEST_F(Intents, TakesTheWaitingAssignmentsPlaceAndGivesItBackWhenRefused) {
  const auto before = add_work("A", "BEFORE");
  const auto desired = device("A").desired;
  const auto made = intent(serials_of({"A"}));
  EXPECT_EQ(work("A")->profile, ProfileUuid("P"));
  refuse(made.at(0));
  EXPECT_EQ(work("A"), before);
  EXPECT_EQ(device("A").desired, desired);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::decided, Kind::answered));
}

TEST_F(Intents, RefusedLeavesNoWorkWhereThereWasNone) {
  add_device("A");
  refuse(intent(serials_of({"A"})).at(0));
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(device("A").desired, Desired());
}

TEST_F(Intents, RefusedForADeviceThatNobodyKnewMakesATombstone) {
  refuse(intent(serials_of({"NEW"})).at(0));
  ASSERT_TRUE(device("NEW").tombstone);
  EXPECT_EQ(device("NEW").tombstone->reason, Tombstone::Reason::not_accessible);
  EXPECT_FALSE(work("NEW"));
}

TEST_F(Intents, RefusedChangesNothingThatSomebodyWishedMeanwhile) {
  add_device("A");
  const auto first = intent(serials_of({"A"}), "FIRST");
  clock_.advance(1s);
  intent(serials_of({"A"}), "SECOND");
  refuse(first.at(0));
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("SECOND"));
  EXPECT_EQ(work("A")->profile, ProfileUuid("SECOND"));
}

TEST_F(Intents, AHoldDesiresNothingAndEndsTheWork) {
  add_work("A", "P");
  hold(serials_of({"A"}));
  const Desired expected{Desired::By::hold, {}, {}, time().by_apple};
  EXPECT_EQ(device("A").desired, expected);
  EXPECT_FALSE(work("A"));
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::held));
}

TEST_F(Intents, AHoldLeavesOutWhatNoRunHasShown) {
  add_device("A");
  EXPECT_EQ(hold(serials_of({"A", "NOBODY"})).size(), 1u);
  EXPECT_FALSE(is_known("NOBODY"));
}

TEST_F(Intents, AHoldOfADeviceThatIsNamedTwiceCountsOnce) {
  const auto before = add_work("A", "P");
  const auto made = hold(serials_of({"A", "A"}));
  EXPECT_EQ(made.size(), 1u);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::held));
  for (const auto& intent : made) refuse(intent);
  EXPECT_EQ(work("A"), before) << "refused, it gives the work back";
}

TEST_F(Intents, ARefusedHoldGivesTheWorkBack) {
  const auto before = add_work("A", "P");
  refuse(hold(serials_of({"A"})).at(0));
  EXPECT_EQ(work("A"), before);
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("P"));
}

}  // namespace
}  // namespace muster::sync
