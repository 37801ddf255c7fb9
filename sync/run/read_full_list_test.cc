// The lane of the full list: when one begins, how it continues, what its end proves, and what becomes of a
// broken one.
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

class ReadFullList : public test::AccountFixture {
 protected:
  ReadFullList() { lane_.context.read_ahead = false; }

  // The account has been read, and the next list is due now.
  void put_baseline_done() {
    SyncState state;
    state.changes = Cursor("changes");
    state.baseline_done = true;
    state.baseline_began = clock_.now() - 48h;
    state.next_list = clock_.now();
    put_state(state);
  }
  bool read_list(bool begin_now = false) { return test::must(read_full_list(lane_.context, begin_now)); }

  test::AppleRow listed(const std::string& serial) const {
    return {.serial = serial, .assigned = clock_.now() - 72h};
  }
  std::vector<std::string> cursors() const {
    std::vector<std::string> all;
    for (const auto& call : apple_.calls(test::kListCall)) all.push_back(call.text("cursor"));
    return all;
  }
  std::vector<std::string> asked_about() {
    std::vector<std::string> serials;
    const auto questions =
        read([&](Reader& r) { return r.questions(account_.id, Question::Kind::missing, Time::max(), 100); });
    for (const auto& question : questions) serials.push_back(question.serial.str());
    return serials;
  }
};

TEST_F(ReadFullList, TheFirstOneBeginsByItselfAndGivesTheCursorForChanges) {
  apple_.on(test::kListCall,
            test::in_turn({test::page({listed("A")}, "l1", true), test::page({listed("B")}, "l2")}));
  EXPECT_FALSE(read_list());
  EXPECT_THAT(cursors(), ElementsAre("", "l1"));
  const auto after = state();
  EXPECT_EQ(after.changes.str(), "l2");
  EXPECT_TRUE(after.baseline_done);
  EXPECT_FALSE(after.list_under_way);
  EXPECT_EQ(after.baseline_began, clock_.now());
  EXPECT_EQ(after.list_number, 1);
  ASSERT_TRUE(after.next_list);
  EXPECT_GE(*after.next_list, clock_.now() + Millis(24h) * 9 / 10);
  EXPECT_LE(*after.next_list, clock_.now() + Millis(24h) * 11 / 10);
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::changes}));
  EXPECT_THAT(kinds("A"), ElementsAre(HistoryEntry::Kind::baseline));
}

TEST_F(ReadFullList, AnEmptyAccountHasAFirstListToo) {
  apple_.on(test::kListCall, test::page({}, "l1"));
  EXPECT_FALSE(read_list());
  EXPECT_TRUE(state().baseline_done);
  EXPECT_EQ(state().changes.str(), "l1");
}

TEST_F(ReadFullList, BeginsWhenItIsDueOrAskedForAndNotBefore) {
  put_baseline_done();
  apple_.on(test::kListCall, test::page({}, "l1"));
  auto later = state();
  later.next_list = clock_.now() + 1ms;
  put_state(later);
  EXPECT_FALSE(read_list());
  EXPECT_THAT(apple_.calls(), IsEmpty());
  clock_.advance(1ms);
  EXPECT_FALSE(read_list());
  EXPECT_EQ(apple_.calls().size(), 1u);
  EXPECT_FALSE(read_list(true));
  EXPECT_EQ(apple_.calls().size(), 2u);
}

TEST_F(ReadFullList, NeverMovesAWorkingCursorForChanges) {
  put_baseline_done();
  apple_.on(test::kListCall, test::page({}, "l1"));
  read_list();
  EXPECT_EQ(state().changes.str(), "changes");
  EXPECT_EQ(state().list.str(), "l1") << "kept as a spare one";
}

TEST_F(ReadFullList, GivesACursorInTheRefusedOnesPlace) {
  put_baseline_done();
  auto troubled = state();
  troubled.cursor_troubles = 1;
  put_state(troubled);
  lane_.memory.refused_cursor.with([](auto& refused) { refused = "changes"; });
  apple_.on(test::kListCall, test::page({}, "l1"));
  read_list();
  EXPECT_EQ(state().changes.str(), "l1");
  EXPECT_EQ(state().cursor_troubles, 1)
      << "that Apple takes it does not tell that its own cursors work again";
  EXPECT_EQ(lane_.memory.refused_cursor.with([](auto& refused) { return refused; }), "");
}

TEST_F(ReadFullList, GoesOnAfterAnErrorWhereItWas) {
  apple_.on(test::kListCall, test::in_turn({test::page({listed("A")}, "l1", true), test::answer_lost(),
                                            test::page({listed("B")}, "l2")}));
  EXPECT_FALSE(read_full_list(lane_.context, false));
  EXPECT_TRUE(state().list_under_way);
  EXPECT_EQ(state().list.str(), "l1");
  EXPECT_FALSE(state().baseline_done);
  EXPECT_FALSE(read_list());
  EXPECT_THAT(cursors(), ElementsAre("", "l1", "l1"));
  EXPECT_TRUE(state().baseline_done);
}

TEST_F(ReadFullList, AskedForWhileOneIsUnderWayItGoesOn) {
  apple_.on(test::kListCall,
            test::in_turn({test::page({}, "l1", true), test::answer_lost(), test::page({}, "l2")}));
  EXPECT_FALSE(read_full_list(lane_.context, false));
  EXPECT_FALSE(read_list(true));
  EXPECT_THAT(cursors(), ElementsAre("", "l1", "l1"));
}

TEST_F(ReadFullList, LetsOthersHaveTheirTurnAfterAMinute) {
  apple_.on(test::kListCall, test::in_turn({[this](const test::AppleCall& call) {
                                              clock_.advance(1min);
                                              return test::page({listed("A")}, "l1", true)(call);
                                            },
                                            test::page({listed("B")}, "l2")}));
  EXPECT_TRUE(read_list()) << "to go on at once";
  EXPECT_EQ(apple_.calls().size(), 1u);
  EXPECT_TRUE(state().list_under_way);
  EXPECT_FALSE(read_list());
  EXPECT_TRUE(state().baseline_done);
}

TEST_F(ReadFullList, AsksAboutDevicesThatAWholeListLacked) {
  put_baseline_done();
  add_device("GONE");
  add_device("A");
  apple_.on(test::kListCall, test::page({listed("A")}, "l1"));
  read_list();
  EXPECT_THAT(asked_about(), ElementsAre("GONE"));
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::questions}));
}

TEST_F(ReadFullList, ProvesNobodysAbsenceInItsFirstReading) {
  add_device("GONE");
  apple_.on(test::kListCall, test::page({}, "l1"));
  read_list();
  EXPECT_THAT(asked_about(), IsEmpty());
}

TEST_F(ReadFullList, ProvesNobodysAbsenceWhenItWentOnAfterARestart) {
  put_baseline_done();
  add_device("GONE");
  auto interrupted = state();
  interrupted.list_under_way = true;
  interrupted.list_number = 3;
  interrupted.list = Cursor("l1");
  put_state(interrupted);
  apple_.on(test::kListCall, test::page({}, "l2"));
  read_list();
  EXPECT_THAT(asked_about(), IsEmpty());
  EXPECT_LE(*state().next_list, clock_.now() + 66min) << "so the next one is not far";
}

TEST_F(ReadFullList, ProvesNobodysAbsenceWhereARowCouldNotBeRead) {
  put_baseline_done();
  add_device("GONE");
  apple_.on(test::kListCall,
            test::answer_json({{"devices", boost::json::array{boost::json::object{{"model", "iPad"}}}},
                               {"cursor", "l1"},
                               {"more_to_follow", false}}));
  read_list();
  EXPECT_THAT(asked_about(), IsEmpty());
}

TEST_F(ReadFullList, BeginsAgainWithinAnHourWhenTooManyAreMissing) {
  put_baseline_done();
  add_devices(30);
  apple_.on(test::kListCall, test::page({}, "l1"));
  read_list();
  EXPECT_THAT(asked_about(), IsEmpty());
  EXPECT_EQ(state().many_missing, 30);
  EXPECT_EQ(state().next_list, clock_.now() + 1h);
  EXPECT_FALSE(lane_.woken.contains(Lane::questions));
  clock_.advance(1h);
  read_list();
  EXPECT_EQ(asked_about().size(), 30u);
}

TEST_F(ReadFullList, AnIncompleteAnswersRowsAreStoredItsCursorIsNot) {
  apple_.on(test::kListCall,
            test::answer_json({{"devices", boost::json::array{listed("A").json()}}, {"cursor", "l1"}}));
  const auto list = read_full_list(lane_.context, false);
  ASSERT_FALSE(list);
  EXPECT_THAT(list.error().message, HasSubstr("has no `devices` or no `more_to_follow`"));
  EXPECT_TRUE(is_known("A"));
  EXPECT_TRUE(state().list.empty());
  EXPECT_TRUE(state().list_under_way);
  EXPECT_TRUE(lane_.retry_in);
}

TEST_F(ReadFullList, ACursorThatComesAgainEndsItAndServesForWantOfABetter) {
  apple_.on(test::kListCall,
            test::in_turn({test::page({listed("A")}, "l1", true), test::page({listed("A")}, "l2", true),
                           test::page({listed("A")}, "l1", true)}));
  const auto list = read_full_list(lane_.context, false);
  ASSERT_FALSE(list);
  EXPECT_THAT(list.error().message, HasSubstr("repeat"));
  EXPECT_FALSE(state().list_under_way);
  EXPECT_TRUE(state().list.empty());
  EXPECT_EQ(state().changes.str(), "l1");
  EXPECT_FALSE(state().baseline_done);
  EXPECT_GE(lane_.retry_in, 15min);
  EXPECT_THAT(lane_.woken, IsSupersetOf({Lane::changes}));
}

TEST_F(ReadFullList, PagesThatShowNothingNewAreALoopWhateverTheirCursors) {
  std::vector<test::AppleAnswer> pages;
  for (int i = 0; i < 10; ++i) pages.push_back(test::page({listed("A")}, "l" + std::to_string(i), true));
  apple_.on(test::kListCall, test::in_turn(pages));
  EXPECT_FALSE(read_full_list(lane_.context, false));
  EXPECT_EQ(apple_.calls().size(), 1u + kMostIdlePages);
  EXPECT_FALSE(state().list_under_way);
}

TEST_F(ReadFullList, ARefusedCursorBeginsItAgainAtOnceTheFirstTime) {
  apple_.on(test::kListCall,
            test::in_turn({test::page({listed("A")}, "l1", true), test::answer_word(400, "EXPIRED_CURSOR"),
                           test::page({}, "l1", true), test::answer_word(400, "EXPIRED_CURSOR")}));
  EXPECT_FALSE(read_full_list(lane_.context, false));
  EXPECT_EQ(lane_.retry_in, 0ms);
  EXPECT_FALSE(state().list_under_way);
  EXPECT_EQ(state().next_list, clock_.now());
  lane_.context.failures = 1;
  EXPECT_FALSE(read_full_list(lane_.context, false));
  EXPECT_GE(lane_.retry_in, 15min) << "then ever more seldom";
  EXPECT_THAT(cursors(), ElementsAre("", "l1", "", "l1"));
}

TEST_F(ReadFullList, AnExhaustedCursorIsAnEndThatProvesNothing) {
  put_baseline_done();
  add_device("GONE");
  apple_.on(test::kListCall,
            test::in_turn({test::page({}, "l1", true), test::answer_word(400, "EXHAUSTED_CURSOR")}));
  EXPECT_FALSE(read_list());
  EXPECT_FALSE(state().list_under_way);
  EXPECT_THAT(asked_about(), IsEmpty());
  EXPECT_GE(*state().next_list, clock_.now() + 21h);
}

TEST_F(ReadFullList, WordsAboutACursorMeanNothingWhereNoneWasSent) {
  for (const char* word : {"EXHAUSTED_CURSOR", "EXPIRED_CURSOR"}) {
    apple_.on(test::kListCall, test::answer_word(400, word));
    const auto list = read_full_list(lane_.context, false);
    ASSERT_FALSE(list) << word;
    EXPECT_EQ(list.error().remote.word, word);
    EXPECT_FALSE(state().baseline_done);
  }
}

TEST_F(ReadFullList, IsDatedByApplesClock) {
  service_.set_apple_offset(10min);  // ours is ahead
  apple_.on(test::kListCall, test::page({}, "l1"));
  read_list();
  EXPECT_EQ(state().list_began, clock_.now() - 10min);
  EXPECT_EQ(state().baseline_began, clock_.now() - 10min);
}

TEST_F(ReadFullList, StoresNothingForATokenThatWasReplaced) {
  write([&](Writer& w) { return w.put_token(account_.id, {"other", "CS", "AT", "AS", {}}); });
  const auto list = read_full_list(lane_.context, false);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Code::cancelled);
  EXPECT_FALSE(state().list_under_way);
}

}  // namespace
}  // namespace muster::sync
