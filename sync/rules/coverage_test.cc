// What each rule covers among the existing devices, and which rules leave it nothing.
#include "sync/rules/coverage.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Coverages : public test::AccountFixture {
 protected:
  void rule(const std::string& filter) {
    add_rule({.filter = filter, .priority = ++priority_, .profile = ProfileUuid("P")});
  }
  Coverage coverage() {
    return read([&](Reader& r) { return coverage_of(r, account_.id); });
  }
  int priority_ = 0;
};

TEST_F(Coverages, WithoutRulesNoneCoversADevice) {
  EXPECT_EQ(coverage().none, 0);
  add_device("A");
  EXPECT_EQ(coverage().none, 1);
  EXPECT_THAT(coverage().rules, IsEmpty());
}

TEST_F(Coverages, ADeviceIsItsFirstRulesAndMatchesEvery) {
  add_device("A");
  add_device("B");
  rule("serial = A");
  rule("serial = A or serial = B");
  const auto found = coverage();
  EXPECT_EQ(found.rules[0].devices, 1);
  EXPECT_EQ(found.rules[0].matches, 1);
  EXPECT_EQ(found.rules[1].devices, 1);
  EXPECT_EQ(found.rules[1].matches, 2);
  EXPECT_EQ(found.none, 0);
  for (const auto& one : found.rules) EXPECT_THAT(one.shadowed_by, IsEmpty());
}

TEST_F(Coverages, ARuleThatGetsNothingNamesTheRulesInFrontOfIt) {
  add_device("A");
  add_device("B");
  rule("serial = A");
  rule("serial = B");
  rule("serial = A or serial = B");
  EXPECT_THAT(coverage().rules[2].shadowed_by, ElementsAre(0, 1));
  EXPECT_EQ(coverage().rules[2].matches, 2);
}

TEST_F(Coverages, ARuleThatMatchesNobodyIsNotShadowed) {
  add_device("A");
  rule("serial = A");
  rule("serial = NOBODY");
  EXPECT_THAT(coverage().rules[1].shadowed_by, IsEmpty());
  EXPECT_EQ(coverage().rules[1].matches, 0);
}

TEST_F(Coverages, WithoutDevicesTheStarIsInFrontOfAllBehindIt) {
  rule("serial = A");
  rule("*");
  rule("serial = B");
  const auto found = coverage();
  EXPECT_THAT(found.rules[0].shadowed_by, IsEmpty());
  EXPECT_THAT(found.rules[1].shadowed_by, IsEmpty());
  EXPECT_THAT(found.rules[2].shadowed_by, ElementsAre(1));
}

TEST_F(Coverages, TombstonesCountNowhere) {
  add_device("LEFT");
  change_device("LEFT", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  rule("*");
  EXPECT_EQ(coverage().rules[0].devices, 0);
  EXPECT_EQ(coverage().rules[0].matches, 0);
}

TEST_F(Coverages, AFilterThatCannotBeReadCoversEveryDevice) {
  add_device("A");
  write([&](Writer& w) {
    Rule newer{
        .account = account_.id, .filter = "of a newer muster", .priority = 0, .profile = ProfileUuid("P")};
    return w.put_rule(newer);
  });
  rule("*");
  EXPECT_EQ(coverage().rules[0].devices, 1);
  EXPECT_THAT(coverage().rules[1].shadowed_by, ElementsAre(0));
}

}  // namespace
}  // namespace muster::sync
