// Rules leave a held device alone; a released one is theirs again.
#include "sync/work/holds.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::serials_of;
using Kind = HistoryEntry::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Holds : public test::AccountFixture {
 protected:
  Result<int> hold(const std::vector<Serial>& wanted) {
    return hold_devices(*store_, account_, wanted, clock_.now());
  }
  Result<Released> release(const std::vector<Serial>& wanted) {
    return release_devices(*store_, account_, wanted, clock_.now());
  }
  void rule(Rule::Scope scope = Rule::Scope::arrivals) {
    add_rule({.filter = "*", .name = "all", .scope = scope, .profile = ProfileUuid("RULE")});
  }
};

TEST_F(Holds, AHeldDeviceKeepsWhatItHasAndNothingMoreIsSent) {
  add_work("A", "P");
  ASSERT_TRUE(hold(serials_of({"A"})));
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
  EXPECT_TRUE(device("A").desired.profile.empty());
  EXPECT_EQ(device("A").desired.at, clock_.now());
  EXPECT_FALSE(work("A"));
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::held));
}

TEST_F(Holds, AreDatedByApplesClock) {
  add_device("A");
  account_.clock_offset = 10min;
  ASSERT_TRUE(hold(serials_of({"A"})));
  EXPECT_EQ(device("A").desired.at, clock_.now() - 10min);
}

TEST_F(Holds, NobodyIsHeldWhenOneIsNotInTheAccount) {
  add_device("A");
  add_device("LEFT");
  change_device("LEFT", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  const auto held = hold(serials_of({"A", "LEFT", "NOBODY"}));
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, Code::not_found);
  EXPECT_EQ(held.error().message, "2 serial numbers are not in the account: LEFT, NOBODY");
  EXPECT_EQ(device("A").desired, Desired());
}

TEST_F(Holds, AnErrorNamesTenSerialsAtMost) {
  std::vector<Serial> strangers;
  for (int i = 0; i < 11; ++i) strangers.emplace_back(fmt::format("C{:02}", i));
  const auto held = hold(strangers);
  ASSERT_FALSE(held);
  EXPECT_THAT(held.error().message, HasSubstr("11 serial numbers"));
  EXPECT_THAT(held.error().message, HasSubstr("C09, ..."));
  EXPECT_THAT(held.error().message, Not(HasSubstr("C10")));
}

TEST_F(Holds, AReleasedDeviceWithoutAProfileIsLikeOneThatArrives) {
  rule();
  add_device("A");
  ASSERT_TRUE(hold(serials_of({"A"})));
  const auto released = release(serials_of({"A"}));
  ASSERT_TRUE(released);
  EXPECT_EQ(released->released, 1);
  EXPECT_EQ(released->assigned, 1);
  EXPECT_EQ(device("A").desired.by, Desired::By::rule);
  EXPECT_EQ(work("A")->profile, ProfileUuid("RULE"));
  EXPECT_EQ(work("A")->urgency, Assignment::Urgency::arrival);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::held, Kind::released, Kind::decided));
  EXPECT_EQ(history("A")[2].detail, "'all' -> RULE");
}

TEST_F(Holds, AReleasedDeviceWithAnotherProfileIsLikeOneThatIsThere) {
  add_device("A", "pushed", "OTHER");
  ASSERT_TRUE(hold(serials_of({"A"})));
  rule(Rule::Scope::arrivals);
  EXPECT_EQ(release(serials_of({"A"}))->assigned, 0);
  EXPECT_EQ(device("A").desired.by, Desired::By::nobody);
  EXPECT_FALSE(work("A"));

  ASSERT_TRUE(hold(serials_of({"A"})));
  rule(Rule::Scope::all);
  EXPECT_EQ(release(serials_of({"A"}))->assigned, 1);
  EXPECT_EQ(work("A")->profile, ProfileUuid("RULE"));
}

TEST_F(Holds, AReleasedDeviceThatHasTheRulesProfileNeedsNoWork) {
  rule();
  add_device("A", "pushed", "RULE");
  ASSERT_TRUE(hold(serials_of({"A"})));
  EXPECT_EQ(release(serials_of({"A"}))->assigned, 1);
  EXPECT_EQ(device("A").desired.by, Desired::By::rule);
  EXPECT_FALSE(work("A"));
}

TEST_F(Holds, ADeviceThatNoRuleCoversIsReleasedAllTheSame) {
  add_device("A");
  ASSERT_TRUE(hold(serials_of({"A"})));
  const auto released = release(serials_of({"A"}));
  EXPECT_EQ(released->released, 1);
  EXPECT_EQ(released->assigned, 0);
  EXPECT_EQ(device("A").desired.by, Desired::By::nobody);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::held, Kind::released));
}

TEST_F(Holds, ListsAndNotesDecideAboutAReleasedDeviceToo) {
  write([&](Writer& w) { return w.put_note(account_.id, Serial("A"), Note{.group = "lab"}); });
  add_rule({.filter = "note.group = lab", .profile = ProfileUuid("LAB")});
  add_device("A");
  add_device("B");
  ASSERT_TRUE(hold(serials_of({"A", "B"})));
  EXPECT_EQ(release(serials_of({"A", "B"}))->assigned, 1);
  EXPECT_EQ(work("A")->profile, ProfileUuid("LAB"));
}

TEST_F(Holds, WhoWasNotHeldStaysAsItIs) {
  rule(Rule::Scope::all);
  const auto before = add_work("A", "P");
  const auto released = release(serials_of({"A"}));
  ASSERT_TRUE(released);
  EXPECT_EQ(released->released, 0);
  EXPECT_EQ(work("A"), before);
  EXPECT_EQ(device("A").desired.by, Desired::By::manual);
}

TEST_F(Holds, NobodyIsReleasedWhenOneIsNotInTheAccount) {
  add_device("A");
  ASSERT_TRUE(hold(serials_of({"A"})));
  const auto released = release(serials_of({"A", "NOBODY"}));
  ASSERT_FALSE(released);
  EXPECT_EQ(released.error().code, Code::not_found);
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
}

}  // namespace
}  // namespace muster::sync
