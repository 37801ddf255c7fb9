// The backfill over all devices of an account: what one step decides, and what an operator may do to it. How
// a backfill begins: rule_change_test.cc.
#include "sync/rules/backfill.h"

#include <gmock/gmock.h>

#include "sync/work/holds.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

class BackfillSteps : public test::AccountFixture {
 protected:
  void rule(Rule::Scope scope, const std::string& filter = "*") {
    add_rule({.filter = filter, .name = "all", .scope = scope, .profile = ProfileUuid("RULE")});
  }
  void begin(DeviceId position = {}) {
    write([&](Writer& w) {
      return w.put_backfill(
          account_.id,
          {.state = Backfill::State::running, .position = position, .planned = 1, .began = clock_.now()});
    });
  }
  bool step() { return test::must(backfill_step(lane_.context)); }
  Backfill backfill() {
    return read([&](Reader& r) { return r.backfill(account_.id); });
  }
};

TEST_F(BackfillSteps, NothingHappensWithoutAPass) {
  rule(Rule::Scope::all);
  add_device("A");
  EXPECT_FALSE(step());
  EXPECT_FALSE(work("A"));
}

TEST_F(BackfillSteps, WhoIsConcernedDesiresTheRulesProfileAndIsSentLast) {
  rule(Rule::Scope::unassigned);
  add_device("A");
  begin();
  EXPECT_FALSE(step());
  EXPECT_EQ(device("A").desired.by, Desired::By::rule);
  EXPECT_EQ(device("A").desired.at, clock_.now());
  ASSERT_TRUE(work("A"));
  EXPECT_EQ(work("A")->profile, ProfileUuid("RULE"));
  EXPECT_EQ(work("A")->urgency, Assignment::Urgency::backfill);
  EXPECT_THAT(kinds("A"), ElementsAre(Kind::decided));
  EXPECT_EQ(history("A")[0].detail, "'all' -> RULE");
}

TEST_F(BackfillSteps, TheScopeSaysWhoIsConcerned) {
  add_device("WITHOUT");
  add_device("WITH", "assigned", "OTHER");
  add_device("UNKNOWN", "half assigned");
  rule(Rule::Scope::unassigned);
  begin();
  step();
  EXPECT_TRUE(work("WITHOUT"));
  EXPECT_FALSE(work("WITH"));
  EXPECT_FALSE(work("UNKNOWN")) << "a new word says neither this nor that";
  rule(Rule::Scope::all);
  begin();
  step();
  EXPECT_TRUE(work("WITH"));
}

TEST_F(BackfillSteps, AnOperatorsWordAndAHoldStay) {
  add_work("BY_HAND", "P");
  add_device("HELD");
  const std::vector<Serial> held{Serial("HELD")};
  ASSERT_TRUE(hold_devices(*store_, account_, held, clock_.now()));
  rule(Rule::Scope::all);
  begin();
  step();
  EXPECT_EQ(work("BY_HAND")->profile, ProfileUuid("P"));
  EXPECT_FALSE(work("HELD"));
  EXPECT_EQ(device("HELD").desired.by, Desired::By::hold);
}

TEST_F(BackfillSteps, WhoLeftIsNotConcerned) {
  add_device("LEFT");
  change_device("LEFT", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  rule(Rule::Scope::all);
  begin();
  step();
  EXPECT_FALSE(work("LEFT"));
  EXPECT_EQ(device("LEFT").desired, Desired());
}

TEST_F(BackfillSteps, WhatADeviceHasAlreadyIsAdoptedAndCountsAsNoChange) {
  add_device("A", "pushed", "RULE");
  rule(Rule::Scope::all);
  begin();
  step();
  EXPECT_EQ(device("A").desired.by, Desired::By::rule);
  EXPECT_FALSE(work("A"));
}

TEST_F(BackfillSteps, ANewDecisionEndsAContest) {
  add_device("A", "assigned", "OTHER");
  change_device("A", [&](Device& d) { d.contested_at = clock_.now(); });
  rule(Rule::Scope::all);
  begin();
  step();
  EXPECT_FALSE(device("A").contested_at);
  EXPECT_TRUE(work("A"));
}

TEST_F(BackfillSteps, GoesOnBehindItsPosition) {
  const auto done = add_device("DONE");
  add_device("NEXT");
  rule(Rule::Scope::all);
  begin(done.id);
  step();
  EXPECT_FALSE(work("DONE"));
  EXPECT_TRUE(work("NEXT"));
}

TEST_F(BackfillSteps, AThousandExactlyEndWithAStepThatFindsNobody) {
  add_devices(1000);
  rule(Rule::Scope::all);
  begin();
  EXPECT_TRUE(step());
  EXPECT_EQ(backfill().changed, 1000);
  EXPECT_EQ(backfill().position, device("C0999").id);
  EXPECT_FALSE(step());
  EXPECT_EQ(backfill(), Backfill{});
}

TEST_F(BackfillSteps, ListsAndNotesDecideToo) {
  write([&](Writer& w) { return w.put_note(account_.id, Serial("A"), Note{.group = "lab"}); });
  add_device("A");
  add_device("B");
  rule(Rule::Scope::all, "note.group = lab");
  begin();
  step();
  EXPECT_TRUE(work("A"));
  EXPECT_FALSE(work("B"));
}

TEST_F(BackfillSteps, AProfilesNewVersionTakesTheOldOnesDevicesUntilThePassEnds) {
  add_device("OLD", "assigned", "V1");
  write([&](Writer& w) {
    return w.put_profile_moves(account_.id, {{ProfileUuid("V1"), ProfileUuid("V2")}});
  });
  begin();
  EXPECT_FALSE(step());
  EXPECT_EQ(work("OLD")->profile, ProfileUuid("V2"));
  EXPECT_EQ(device("OLD").desired.by, Desired::By::manual);
  EXPECT_EQ(history("OLD")[0].detail, "newer version of its profile -> V2");
  EXPECT_THAT(read([&](Reader& r) { return r.profile_moves(account_.id); }), IsEmpty());
}

TEST_F(BackfillSteps, OnlyAPassThatIsThereCanBePausedResumedOrCancelled) {
  for (const auto act : {pause_backfill, resume_backfill, cancel_backfill}) {
    const auto done = act(*store_, account_.id, clock_.now());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::not_found);
    EXPECT_FALSE(done.error().hint.empty());
  }
}

TEST_F(BackfillSteps, APausedPassDecidesNothingUntilItIsResumed) {
  add_device("A");
  rule(Rule::Scope::all);
  begin();
  ASSERT_TRUE(pause_backfill(*store_, account_.id, clock_.now()));
  EXPECT_FALSE(step());
  EXPECT_FALSE(work("A"));
  EXPECT_EQ(backfill().state, Backfill::State::paused);
  ASSERT_TRUE(resume_backfill(*store_, account_.id, clock_.now()));
  EXPECT_FALSE(step());
  EXPECT_TRUE(work("A"));
}

TEST_F(BackfillSteps, ACancelledPassTakesItsMovesWithIt) {
  write([&](Writer& w) {
    return w.put_profile_moves(account_.id, {{ProfileUuid("V1"), ProfileUuid("V2")}});
  });
  begin();
  ASSERT_TRUE(cancel_backfill(*store_, account_.id, clock_.now()));
  EXPECT_EQ(backfill(), Backfill{});
  EXPECT_THAT(read([&](Reader& r) { return r.profile_moves(account_.id); }), IsEmpty());
}

}  // namespace
}  // namespace muster::sync
