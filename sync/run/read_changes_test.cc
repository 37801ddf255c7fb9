// The lane of changes: from the stored cursor to the list's end, and what becomes of a cursor that Apple
// rejects.
#include <gmock/gmock.h>

#include "sync/run/lanes.h"
#include "sync/run/list_page.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

class ReadChanges : public test::AccountFixture {
 protected:
  ReadChanges() {
    lane_.context.read_ahead = false;  // the calls have an order
    SyncState state;
    state.changes = Cursor("c0");
    state.baseline_done = true;
    put_state(state);
  }

  test::AppleRow added(const std::string& serial) const {
    return {.serial = serial, .operation = "added", .date = clock_.now(), .assigned = clock_.now()};
  }
  std::vector<std::string> cursors() const {
    std::vector<std::string> all;
    for (const auto& call : apple_.calls(test::kChangesCall)) all.push_back(call.text("cursor"));
    return all;
  }
  void put_spare(const std::string& cursor) {
    auto with_spare = state();
    with_spare.list = Cursor(cursor);
    put_state(with_spare);
  }
};

TEST_F(ReadChanges, NothingIsAskedWithoutACursor) {
  put_state({});
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(ReadChanges, EveryPageIsReadAndTheLastCursorKept) {
  apple_.on(test::kChangesCall,
            test::in_turn({test::page({added("A")}, "c1", true), test::page({added("B")}, "c2", true),
                           test::page({added("C")}, "c3")}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_THAT(cursors(), ElementsAre("c0", "c1", "c2"));
  EXPECT_EQ(state().changes.str(), "c3");
  for (const char* serial : {"A", "B", "C"}) EXPECT_TRUE(is_known(serial)) << serial;
}

TEST_F(ReadChanges, TheNextReadingGoesOnBehindTheLast) {
  apple_.on(test::kChangesCall, test::in_turn({test::page({}, "c1"), test::page({}, "c2")}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_THAT(cursors(), ElementsAre("c0", "c1"));
  EXPECT_EQ(state().changes.str(), "c2");
}

TEST_F(ReadChanges, AsksForAsManyDevicesAPageAsAppleAllows) {
  account_.apple.emplace().page_limit = 50;
  apple_.on(test::kChangesCall, test::page({}, "c1"));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_EQ(apple_.calls().at(0).body.at("limit").as_int64(), 50);
}

TEST_F(ReadChanges, APageThatWasStoredIsNotAskedForAgainAfterAnError) {
  apple_.on(test::kChangesCall, test::in_turn({test::page({added("A")}, "c1", true), test::answer_lost(),
                                               test::page({added("B")}, "c2")}));
  const auto broken = lane_.read_changes();
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, Code::unreachable);
  EXPECT_EQ(state().changes.str(), "c1");
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_THAT(cursors(), ElementsAre("c0", "c1", "c1"));
}

TEST_F(ReadChanges, MorePagesLetAssignmentsWaitUntilTheLastIsRead) {
  std::vector<bool> coming;
  const auto look = [&](test::AppleAnswer answer) {
    return [this, &coming, answer](const test::AppleCall& call) {
      coming.push_back(lane_.memory.changes_are_coming);
      return answer(call);
    };
  };
  apple_.on(test::kChangesCall,
            test::in_turn({look(test::page({}, "c1", true)), look(test::page({}, "c2"))}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_THAT(coming, ElementsAre(false, true));
  EXPECT_FALSE(lane_.memory.changes_are_coming);
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::assignment})) << "what waited for a full call waits no more";
}

TEST_F(ReadChanges, AnErrorBehindAPageLetsAssignmentsWaitNoMore) {
  apple_.on(test::kChangesCall, test::in_turn({test::page({}, "c1", true), test::answer_lost()}));
  EXPECT_FALSE(lane_.read_changes());
  EXPECT_FALSE(lane_.memory.changes_are_coming);
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::assignment}));
}

TEST_F(ReadChanges, OnePageWakesNobodyWithoutNews) {
  apple_.on(test::kChangesCall, test::page({}, "c1"));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_TRUE(lane_.woken.empty());
}

TEST_F(ReadChanges, AnIncompleteAnswersRowsAreStoredItsCursorIsNot) {
  apple_.on(test::kChangesCall,
            test::answer_json({{"devices", boost::json::array{added("A").json()}}, {"cursor", "c1"}}));
  const auto read = lane_.read_changes();
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("has no `devices` or no `more_to_follow`"));
  EXPECT_TRUE(is_known("A"));
  EXPECT_EQ(state().changes.str(), "c0");
  ASSERT_TRUE(lane_.retry_in);
  EXPECT_GE(*lane_.retry_in, 108s) << "the usual interval, 10 % less at most";
  EXPECT_LE(*lane_.retry_in, 132s);
}

TEST_F(ReadChanges, ACursorMayComeTwiceWhereNewRowsComeWithIt) {
  apple_.on(test::kChangesCall,
            test::in_turn({test::page({added("A")}, "c0", true), test::page({added("B")}, "c1")}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_EQ(state().changes.str(), "c1");
  EXPECT_TRUE(is_known("B"));
}

TEST_F(ReadChanges, PagesThatPromiseMoreAndBringNothingAreALoop) {
  apple_.on(test::kChangesCall, test::in_turn({test::page({}, "c1", true), test::page({}, "c2", true),
                                               test::page({}, "c3", true), test::page({}, "c4", true)}));
  const auto read = lane_.read_changes();
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("repeat"));
  EXPECT_EQ(apple_.calls().size(), static_cast<size_t>(kMostIdlePages));
  EXPECT_EQ(state().changes.str(), "c3") << "the newest is as good as any";
  EXPECT_EQ(state().cursor_troubles, 1);
  EXPECT_EQ(state().next_list, clock_.now()) << "the full list gives another cursor";
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::full_list}));
  EXPECT_TRUE(lane_.retry_in);
}

TEST_F(ReadChanges, ARowBetweenEmptyPagesIsNoLoop) {
  apple_.on(test::kChangesCall,
            test::in_turn({test::page({}, "c1", true), test::page({}, "c2", true),
                           test::page({added("A")}, "c3", true), test::page({}, "c4", true),
                           test::page({}, "c5", true), test::page({}, "c6")}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_EQ(state().changes.str(), "c6");
}

TEST_F(ReadChanges, AnExhaustedCursorSaysThatNothingIsNew) {
  auto troubled = state();
  troubled.cursor_troubles = 2;
  troubled.refetch_not_before = clock_.now() + 1h;
  put_state(troubled);
  apple_.on(test::kChangesCall, test::answer_word(400, "EXHAUSTED_CURSOR"));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_EQ(state().changes.str(), "c0");
  EXPECT_EQ(state().cursor_troubles, 0) << "and that the cursor works";
  EXPECT_FALSE(state().refetch_not_before);
}

TEST_F(ReadChanges, ARefusedCursorIsKeptWhileAFullListIsBegun) {
  for (const char* word : {"EXPIRED_CURSOR", "INVALID_CURSOR"}) {
    SyncState fresh;
    fresh.changes = Cursor(std::string("of ") + word);
    put_state(fresh);
    apple_.on(test::kChangesCall, test::answer_word(400, word));
    lane_.woken.clear();
    EXPECT_TRUE(lane_.read_changes()) << "the first time it is no trouble of the lane";
    EXPECT_EQ(state().changes.str(), std::string("of ") + word);
    EXPECT_EQ(state().cursor_troubles, 1);
    EXPECT_EQ(state().next_list, clock_.now());
    EXPECT_THAT(lane_.woken, ElementsAre(Lane::full_list));
  }
}

TEST_F(ReadChanges, ACursorThatIsRefusedAgainIsNoNewTrouble) {
  apple_.on(test::kChangesCall, test::answer_word(400, "EXPIRED_CURSOR"));
  EXPECT_TRUE(lane_.read_changes());
  const auto before = state();
  const auto again = lane_.read_changes();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().remote.word, "EXPIRED_CURSOR");
  EXPECT_EQ(state(), before);
}

TEST_F(ReadChanges, ACursorThatWorksAgainEndsTheTrouble) {
  apple_.on(test::kChangesCall,
            test::in_turn({test::answer_word(400, "EXPIRED_CURSOR"), test::page({added("A")}, "c1")}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_EQ(state().cursor_troubles, 0);
  EXPECT_FALSE(state().refetch_not_before);
  EXPECT_TRUE(is_known("A"));
}

TEST_F(ReadChanges, FurtherRefusalsBeginFullListsEverMoreSeldom) {
  apple_.on(test::kChangesCall, test::answer_word(400, "EXPIRED_CURSOR"));
  EXPECT_TRUE(lane_.read_changes());
  auto first = state();
  ASSERT_TRUE(first.refetch_not_before);
  EXPECT_GE(*first.refetch_not_before, clock_.now() + 15min);
  first.changes = Cursor("another");  // the full list gave it
  first.next_list = clock_.now() + 24h;
  put_state(first);
  EXPECT_FALSE(lane_.read_changes()) << "from the second time on it is";
  EXPECT_EQ(state().cursor_troubles, 2);
  EXPECT_EQ(state().next_list, first.refetch_not_before);
  EXPECT_GE(*state().refetch_not_before, *first.refetch_not_before + 30min);
}

TEST_F(ReadChanges, AFullListThatIsUnderWayIsNotBegunAgain) {
  auto under_way = state();
  under_way.list_under_way = true;
  put_state(under_way);
  apple_.on(test::kChangesCall, test::answer_word(400, "EXPIRED_CURSOR"));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_FALSE(state().next_list);
}

TEST_F(ReadChanges, TheCursorBehindTheLastFullListIsTriedFirst) {
  put_spare("spare");
  apple_.on(test::kChangesCall,
            test::in_turn({test::answer_word(400, "EXPIRED_CURSOR"), test::page({added("A")}, "c1")}));
  EXPECT_TRUE(lane_.read_changes());
  EXPECT_THAT(cursors(), ElementsAre("c0", "spare"));
  EXPECT_EQ(state().changes.str(), "c1");
  EXPECT_TRUE(state().list.empty());
  EXPECT_EQ(state().cursor_troubles, 0);
  EXPECT_FALSE(state().next_list);
  EXPECT_TRUE(is_known("A"));
}

TEST_F(ReadChanges, ASpareCursorThatIsRefusedTooNeedsTheFullList) {
  put_spare("spare");
  apple_.on(test::kChangesCall, test::answer_word(400, "EXPIRED_CURSOR"));
  (void)lane_.read_changes();
  EXPECT_THAT(cursors(), ElementsAre("c0", "spare"));
  EXPECT_EQ(state().next_list, clock_.now());
  EXPECT_EQ(state().cursor_troubles, 1);
  EXPECT_THAT(lane_.woken, ElementsAre(Lane::full_list));
}

TEST_F(ReadChanges, ATokenThatWasReplacedMeanwhileStoresNothingOfTheOldOnes) {
  apple_.on(test::kChangesCall, [this](const test::AppleCall& call) {
    write([&](Writer& w) { return w.put_token(account_.id, {"other", "CS", "AT", "AS", {}}); });
    return test::page({added("A")}, "c1")(call);
  });
  const auto read = lane_.read_changes();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::cancelled);
  EXPECT_EQ(state().changes.str(), "c0");
  EXPECT_FALSE(is_known("A"));
}

TEST_F(ReadChanges, AnyOtherErrorIsTheLanes) {
  apple_.on(test::kChangesCall, test::answer_word(403, "T_C_NOT_SIGNED"));
  const auto before = state();
  const auto read = lane_.read_changes();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().remote.word, "T_C_NOT_SIGNED");
  EXPECT_EQ(state(), before);
}

}  // namespace
}  // namespace muster::sync
