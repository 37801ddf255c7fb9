// Devices that a full list lacks: whom Apple is asked about, and when so many are missing that nobody
// believes it.
#include "sync/run/missing.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Missing : public test::AccountFixture {
 protected:
  void add_listed(int count) {
    for (const auto& device : add_devices(count)) ids_.push_back(device.id);
  }
  // The list has shown all devices but the first `missing` of them.
  MissingOutcome find(size_t missing) {
    ListMarks marks;
    marks.listed.mark(std::span(ids_).subspan(missing));
    return find(marks);
  }
  MissingOutcome find(const ListMarks& marks) {
    SyncState state;
    const auto outcome = write([&](Writer& w) {
      state = state_;
      return find_missing(w, account_.id, marks, state, clock_.now());
    });
    state_ = state;
    return outcome;
  }
  std::vector<std::string> asked() {
    std::vector<std::string> serials;
    for (const auto& question : questions()) serials.push_back(question.serial.str());
    return serials;
  }
  std::vector<Question> questions() {
    return read(
        [&](Reader& r) { return r.questions(account_.id, Question::Kind::missing, Time::max(), 10'000); });
  }

  std::vector<DeviceId> ids_;
  SyncState state_;
};

TEST(DeviceMarks, HaveWhatWasMarkedHoweverFarApart) {
  const std::vector<DeviceId> ids = {DeviceId{1}, DeviceId{2047}, DeviceId{2048}, DeviceId{9'000'000'000}};
  DeviceMarks marks;
  EXPECT_EQ(marks.mark(ids), ids.size());
  EXPECT_EQ(marks.mark(ids), 0U);
  for (const DeviceId id : ids) EXPECT_TRUE(marks.has(id));
  for (const DeviceId id : {DeviceId{2}, DeviceId{2049}, DeviceId{4096}, DeviceId{9'000'000'001}})
    EXPECT_FALSE(marks.has(id));
}

TEST_F(Missing, NobodyIsWhenTheListShowedAll) {
  add_listed(3);
  const auto outcome = find(0);
  EXPECT_EQ(outcome.devices, 0);
  EXPECT_EQ(outcome.of, 3);
  EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(Missing, NobodyIsInAnEmptyAccount) {
  const auto outcome = find(ListMarks());
  EXPECT_EQ(outcome.of, 0);
  EXPECT_FALSE(outcome.doubtful);
}

TEST_F(Missing, AppleIsAskedAtOnceAboutWhoIs) {
  add_listed(3);
  const auto outcome = find(2);
  EXPECT_EQ(outcome.devices, 2);
  EXPECT_FALSE(outcome.doubtful);
  EXPECT_THAT(asked(), UnorderedElementsAre("C0000", "C0001"));
  EXPECT_EQ(questions()[0].next_try, clock_.now());
  EXPECT_FALSE(device("C0000").tombstone) << "absence alone proves nothing";
}

TEST_F(Missing, WhoAChangeTookNoteOfMeanwhileIsNot) {
  add_listed(2);
  ListMarks marks;
  marks.changed.mark(std::span(ids_).first(1));
  find(marks);
  EXPECT_THAT(asked(), ElementsAre("C0001"));
}

TEST_F(Missing, WhoLeftAlreadyIsNot) {
  add_listed(2);
  change_device("C0000", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  const auto outcome = find(2);
  EXPECT_EQ(outcome.of, 1);
  EXPECT_THAT(asked(), ElementsAre("C0001"));
}

TEST_F(Missing, AQuestionThatWaitsKeepsItsTime) {
  add_listed(1);
  find(1);
  auto question = questions().at(0);
  question.next_try = clock_.now() + 4h;
  question.attempts = 5;
  write([&](Writer& w) { return w.put_questions(std::span(&question, 1)); });
  clock_.advance(1h);
  find(1);
  EXPECT_THAT(questions(), ElementsAre(question));
}

TEST_F(Missing, TwentyAreBelievedHoweverSmallTheAccount) {
  add_listed(20);
  EXPECT_FALSE(find(20).doubtful);
  EXPECT_EQ(asked().size(), 20u);
}

TEST_F(Missing, MoreThanTwentyAreNotWhenTheyAreMoreThanATwentieth) {
  add_listed(21);
  const auto outcome = find(21);
  EXPECT_TRUE(outcome.doubtful);
  EXPECT_EQ(outcome.devices, 21);
  EXPECT_THAT(asked(), IsEmpty());
  EXPECT_EQ(state_.many_missing, 21);
  EXPECT_EQ(state_.many_missing_since, clock_.now());
}

TEST_F(Missing, ATwentiethOfALargeAccountIsBelieved) {
  add_listed(500);
  EXPECT_FALSE(find(25).doubtful);
  EXPECT_TRUE(find(26).doubtful);
}

TEST_F(Missing, ALaterListMustAgree) {
  add_listed(30);
  ASSERT_TRUE(find(30).doubtful);
  const Time first = clock_.now();
  clock_.advance(50min - 1ms);
  EXPECT_TRUE(find(29).doubtful);
  EXPECT_EQ(state_.many_missing_since, first) << "the wait goes on";
  EXPECT_EQ(state_.many_missing, 29);
  clock_.advance(1ms);
  EXPECT_FALSE(find(30).doubtful);
  EXPECT_EQ(asked().size(), 30u);
  EXPECT_FALSE(state_.many_missing_since);
  EXPECT_EQ(state_.many_missing, 0);
}

TEST_F(Missing, ADoubtEndsWithAListThatShowsThem) {
  add_listed(30);
  ASSERT_TRUE(find(30).doubtful);
  clock_.advance(1h);
  find(0);
  EXPECT_FALSE(state_.many_missing_since);
  EXPECT_EQ(state_.many_missing, 0);
  EXPECT_TRUE(find(30).doubtful) << "and begins anew";
}

// They are looked up a thousand at a time.
TEST_F(Missing, ThousandsAreAllAskedAboutOnce) {
  add_devices(2001);
  state_.many_missing_since = clock_.now() - 1h;
  EXPECT_EQ(find(ListMarks()).devices, 2001);
  EXPECT_EQ(asked().size(), 2001u);
}

}  // namespace
}  // namespace muster::sync
