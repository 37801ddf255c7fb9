// Rows that cannot be ordered: which they are, that they wait for Apple's answer, and what it makes of them.
#include "sync/run/ties.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Operation = DeviceReport::Operation;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

DeviceReport tie_row(const std::string& serial, Operation operation, std::optional<Time> date,
                     const std::string& status = "empty") {
  DeviceReport report;
  report.serial = Serial(serial);
  report.operation = operation;
  report.op_date = date;
  report.facts.profile_status = status;
  return report;
}

class Ties : public test::AccountFixture {
 protected:
  std::vector<std::string> find(const std::vector<DeviceReport>& rows) {
    std::vector<std::string> serials;
    for (const auto& serial : read([&](Reader& r) { return find_ties(r, account_.id, rows); }))
      serials.push_back(serial.str());
    return serials;
  }
  int hold(std::vector<DeviceReport>& rows) {
    std::vector<DeviceReport> left;
    const int held = write([&](Writer& w) {
      left = rows;
      return hold_ties(w, account_.id, left, clock_.now());
    });
    rows = left;
    return held;
  }
  std::vector<Question> questions() {
    return read([&](Reader& r) { return r.questions(account_.id, Question::Kind::tie, Time::max(), 100); });
  }
  // A device whose newest row was this one.
  void add_known(const std::string& serial, Operation operation, std::optional<Time> date,
                 std::optional<Tombstone> tombstone = {}) {
    Device device;
    device.serial = Serial(serial);
    device.facts.profile_status = "empty";
    device.last_operation = operation;
    device.last_op_date = date;
    device.tombstone = tombstone;
    add_device(device);
  }

  const Time t_ = clock_.now();
};

TEST_F(Ties, RowsOfOneSecondThatSayDifferentThingsAreATie) {
  EXPECT_THAT(find({tie_row("A", Operation::added, t_), tie_row("A", Operation::deleted, t_)}),
              ElementsAre("A"));
  EXPECT_THAT(find({tie_row("A", Operation::deleted, t_), tie_row("A", Operation::modified, t_)}),
              ElementsAre("A"));
  EXPECT_THAT(
      find({tie_row("A", Operation::modified, t_, "empty"), tie_row("A", Operation::modified, t_, "pushed")}),
      ElementsAre("A"));
}

TEST_F(Ties, NothingIsATieWithoutRowsOrDates) {
  EXPECT_THAT(find({}), IsEmpty());
  EXPECT_THAT(find({tie_row("A", Operation::added, {}), tie_row("A", Operation::deleted, {})}), IsEmpty());
  EXPECT_THAT(find({tie_row("A", Operation::none, t_), tie_row("A", Operation::none, t_, "pushed")}),
              IsEmpty());
}

TEST_F(Ties, OneRowTwiceOrRowsOfTwoDevicesOrTwoSecondsAreNone) {
  EXPECT_THAT(find({tie_row("A", Operation::added, t_), tie_row("A", Operation::added, t_)}), IsEmpty());
  EXPECT_THAT(find({tie_row("A", Operation::added, t_), tie_row("B", Operation::deleted, t_)}), IsEmpty());
  EXPECT_THAT(find({tie_row("A", Operation::added, t_), tie_row("A", Operation::deleted, t_ + 1s)}),
              IsEmpty());
}

TEST_F(Ties, OnlyTheNewestRowsOfADeviceCount) {
  const auto older = {tie_row("A", Operation::added, t_), tie_row("A", Operation::deleted, t_),
                      tie_row("A", Operation::added, t_ + 1s)};
  EXPECT_THAT(find(older), IsEmpty());
  const auto newer_first = {tie_row("A", Operation::added, t_ + 1s),
                            tie_row("A", Operation::deleted, t_ + 1s), tie_row("A", Operation::added, t_)};
  EXPECT_THAT(find(newer_first), ElementsAre("A"));
}

TEST_F(Ties, ARowMayContradictWhatIsKnownOfItsVerySecond) {
  add_known("A", Operation::added, t_);
  add_known("LEFT", Operation::deleted, t_, Tombstone{Tombstone::Reason::deleted, t_});
  EXPECT_THAT(find({tie_row("A", Operation::deleted, t_), tie_row("LEFT", Operation::added, t_)}),
              UnorderedElementsAre("A", "LEFT"));
  EXPECT_THAT(find({tie_row("A", Operation::added, t_), tie_row("LEFT", Operation::deleted, t_)}), IsEmpty());
  EXPECT_THAT(find({tie_row("A", Operation::deleted, t_ + 1s)}), IsEmpty());
}

TEST_F(Ties, WhatAppleWasAskedAboutSinceIsNoTie) {
  add_known("A", Operation::added, t_);
  const std::vector<DeviceReport> rows{tie_row("A", Operation::deleted, t_),
                                       tie_row("A", Operation::added, t_)};
  ASSERT_THAT(find(rows), ElementsAre("A"));
  change_device("A", [&](Device& device) { device.asked_after = t_; });
  EXPECT_THAT(find(rows), IsEmpty());
}

TEST_F(Ties, AreTakenOutOfThePageAndAskedAboutAtOnce) {
  std::vector<DeviceReport> rows{tie_row("A", Operation::added, t_ - 1s), tie_row("B", Operation::added, t_),
                                 tie_row("A", Operation::deleted, t_), tie_row("C", Operation::added, t_),
                                 tie_row("A", Operation::added, t_)};
  EXPECT_EQ(hold(rows), 1);
  ASSERT_EQ(rows.size(), 3u) << "the older row of A stays, too";
  EXPECT_EQ(rows[0].serial, Serial("A"));
  EXPECT_EQ(rows[0].op_date, t_ - 1s);
  EXPECT_EQ(rows[1].serial, Serial("B"));
  EXPECT_EQ(rows[2].serial, Serial("C"));
  const Question expected{.account = account_.id,
                          .kind = Question::Kind::tie,
                          .serial = Serial("A"),
                          .operation = Operation::added,
                          .op_date = t_,
                          .since = clock_.now(),
                          .next_try = clock_.now()};
  EXPECT_THAT(questions(), ElementsAre(expected));
}

TEST_F(Ties, APageWithoutTiesStaysAsItIs) {
  std::vector<DeviceReport> rows{tie_row("A", Operation::added, t_), tie_row("B", Operation::deleted, t_)};
  EXPECT_EQ(hold(rows), 0);
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_THAT(questions(), IsEmpty());
}

TEST_F(Ties, OfRowsWithoutAddedTheQuestionIsAboutAModifiedDevice) {
  std::vector<DeviceReport> rows{tie_row("A", Operation::deleted, t_), tie_row("A", Operation::modified, t_)};
  hold(rows);
  ASSERT_EQ(questions().size(), 1u);
  EXPECT_EQ(questions()[0].operation, Operation::modified);
}

TEST_F(Ties, AreNotAskedAboutAnewWhenTheRowsComeOnceMore) {
  const std::vector<DeviceReport> tied{tie_row("A", Operation::added, t_),
                                       tie_row("A", Operation::deleted, t_)};
  auto rows = tied;
  EXPECT_EQ(hold(rows), 1);
  const auto asked = questions();
  clock_.advance(1min);
  rows = tied;
  EXPECT_EQ(hold(rows), 0);
  EXPECT_TRUE(rows.empty()) << "they wait for the answer all the same";
  EXPECT_EQ(questions(), asked);
}

TEST_F(Ties, ANewerTieTakesAnOldersPlace) {
  std::vector<DeviceReport> rows{tie_row("A", Operation::added, t_), tie_row("A", Operation::deleted, t_)};
  hold(rows);
  rows = {tie_row("A", Operation::deleted, t_ + 5s), tie_row("A", Operation::modified, t_ + 5s)};
  EXPECT_EQ(hold(rows), 1);
  ASSERT_EQ(questions().size(), 1u);
  EXPECT_EQ(questions()[0].op_date, t_ + 5s);
  EXPECT_EQ(questions()[0].operation, Operation::modified);
  rows = {tie_row("A", Operation::added, t_), tie_row("A", Operation::deleted, t_)};
  EXPECT_EQ(hold(rows), 0) << "an older one takes no newer one's place";
  EXPECT_EQ(questions()[0].op_date, t_ + 5s);
}

TEST_F(Ties, AreSettledByWhatAppleReports) {
  const Question tie{.account = account_.id,
                     .serial = Serial("A"),
                     .operation = Operation::added,
                     .op_date = t_,
                     .since = t_,
                     .next_try = t_};
  const auto report = tie_row("A", Operation::none, {}, "pushed");
  const auto there = settled_row(tie, &report);
  EXPECT_EQ(there.operation, Operation::added);
  EXPECT_EQ(there.facts.profile_status, "pushed");
  const auto gone = settled_row(tie, nullptr);
  EXPECT_EQ(gone.operation, Operation::deleted);
  for (const auto& settled : {there, gone}) {
    EXPECT_EQ(settled.serial, Serial("A"));
    EXPECT_EQ(settled.op_date, t_);
    EXPECT_TRUE(settled.confirmed);
  }
}

}  // namespace
}  // namespace muster::sync
