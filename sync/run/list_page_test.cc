// A page of a list and the position behind it become durable together.
#include "sync/run/list_page.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using assign::Source;
using Operation = DeviceReport::Operation;
using State = Assignment::State;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DeviceReport report(const std::string& serial, Operation operation, Time date) {
  DeviceReport report;
  report.serial = Serial(serial);
  report.operation = operation;
  if (operation != Operation::none) report.op_date = date;
  report.facts.profile_status = "empty";
  report.facts.assigned_at = date;
  return report;
}

ListPage list_page(std::vector<DeviceReport> rows, bool more_to_follow = false) {
  ListPage page;
  page.content.devices = std::move(rows);
  page.content.cursor = Cursor("next");
  page.content.more_to_follow = more_to_follow;
  page.content.complete = true;
  return page;
}

class ListPages : public test::AccountFixture {
 protected:
  Result<StoredPage> store(AppleList list, ListPage page, Source source = Source::sync) {
    const auto advance = [&](Writer&, const PageOutcome&, SyncState& state) -> Result<> {
      (list == AppleList::full ? state.list : state.changes) = page.content.cursor;
      return refusal_ ? Result<>(failure(*refusal_)) : Result<>();
    };
    return store_page(lane_.context, list, source, known_, page, advance);
  }
  StoredPage store_changes(std::vector<DeviceReport> rows) {
    return test::must(store(AppleList::changes, list_page(std::move(rows))));
  }

  // The bodies of the feed's entries of a type.
  std::vector<std::string> told(FeedType type) {
    std::vector<std::string> bodies;
    for (const auto& entry : read([](Reader& r) { return r.feed_after(0, 100); }))
      if (entry.type == type) bodies.push_back(entry.body);
    return bodies;
  }

  const Time t_ = clock_.now();
  SyncState known_;
  std::optional<Error> refusal_;
};

TEST_F(ListPages, DevicesAndPositionAreStoredTogether) {
  const auto stored = store_changes({report("A", Operation::added, t_)});
  EXPECT_EQ(stored.outcome.arrivals, 1);
  EXPECT_EQ(stored.state.changes.str(), "next");
  EXPECT_EQ(state().changes.str(), "next");
  EXPECT_TRUE(is_known("A"));
}

TEST_F(ListPages, AnErrorLeavesNeither) {
  refusal_ = Error{Code::internal, "no", "", {}};
  EXPECT_FALSE(store(AppleList::changes, list_page({report("A", Operation::added, t_)})));
  EXPECT_TRUE(state().changes.empty());
  EXPECT_FALSE(is_known("A"));
  EXPECT_EQ(lane_.memory.report.with([](const auto& report) { return report.pages; }), 0);
}

TEST_F(ListPages, NothingIsStoredOfAnAccountThatHasAnotherTokenByNow) {
  write([&](Writer& w) { return w.put_token(account_.id, {"other", "CS", "AT", "AS", {}}); });
  const auto stored = store(AppleList::changes, list_page({report("A", Operation::added, t_)}));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::cancelled);
  EXPECT_FALSE(is_known("A"));
}

TEST_F(ListPages, AnEmptyPageMovesThePositionOnly) {
  const auto stored = store_changes({});
  EXPECT_EQ(stored.outcome.arrivals, 0);
  EXPECT_THAT(stored.outcome.listed, IsEmpty());
  EXPECT_EQ(state().changes.str(), "next");
  EXPECT_TRUE(lane_.woken.empty());
}

TEST_F(ListPages, WakesTheLanesThatGotWork) {
  add_rule({.filter = "*", .profile = ProfileUuid("P")});
  store_changes({report("A", Operation::added, t_)});
  EXPECT_THAT(lane_.woken, ElementsAre(Lane::questions, Lane::assignment));
}

// Mostly the lane of questions asks for that; a list may show it before.
TEST_F(ListPages, TellWhatTheyConfirm) {
  add_work("A", "P", State::confirming);
  add_work("B", "P", State::confirming);
  auto assigned = report("A", Operation::modified, t_ + 1s);
  assigned.facts.profile_status = "assigned";
  assigned.facts.profile_uuid = ProfileUuid("P");
  store_changes({assigned});
  EXPECT_FALSE(work("A"));
  EXPECT_TRUE(work("B"));
  EXPECT_EQ(lane_.memory.report.with([](const auto& report) { return report.confirmed; }), 1);
  EXPECT_THAT(told(FeedType::assignments), ElementsAre(AllOf(HasSubstr("confirmed"), HasSubstr("[\"A\"]"))));
}

TEST_F(ListPages, ATieWakesTheQuestionsOnly) {
  const auto stored = store_changes({report("A", Operation::added, t_), report("A", Operation::deleted, t_)});
  EXPECT_EQ(stored.ties, 1);
  EXPECT_FALSE(is_known("A"));
  EXPECT_THAT(lane_.woken, ElementsAre(Lane::questions));
}

TEST_F(ListPages, AFullListHasNoTies) {
  const auto stored =
      test::must(store(AppleList::full, list_page({report("A", Operation::none, t_)}), Source::refetch));
  EXPECT_EQ(stored.ties, 0);
  EXPECT_TRUE(is_known("A"));
}

TEST_F(ListPages, ChangesAreMarkedAsToldWhileAFullListIsUnderWay) {
  const auto told = [&](const std::string& serial) {
    return lane_.memory.marks.with(
        [&](const ListMarks& marks) { return marks.changed.has(device(serial).id); });
  };
  store_changes({report("A", Operation::added, t_)});
  EXPECT_FALSE(told("A"));
  auto under_way = state();
  under_way.list_under_way = true;
  put_state(under_way);
  store_changes({report("B", Operation::added, t_)});
  EXPECT_TRUE(told("B"));
  EXPECT_FALSE(told("A"));
}

TEST_F(ListPages, IsCounted) {
  store_changes({report("A", Operation::added, t_), report("B", Operation::added, t_)});
  store_changes({report("A", Operation::deleted, t_ + 1s)});
  const Report report = lane_.memory.report.with([](const Report& counted) { return counted; });
  EXPECT_EQ(report.pages, 2);
  EXPECT_EQ(report.devices, 3);
  EXPECT_EQ(report.arrivals, 2);
  EXPECT_EQ(report.uncovered, 2);
  EXPECT_EQ(report.left, 1);
}

// Apple's dates have whole seconds, and its clock is known to a second or two.
TEST_F(ListPages, ChangesShowArrivalsFromTwoSecondsBeforeTheFirstListBegan) {
  known_.baseline_began = t_ + 500ms;
  const auto arrives = [&](const std::string& serial, Time assigned) {
    return store_changes({report(serial, Operation::modified, assigned)}).outcome.arrivals;
  };
  EXPECT_EQ(arrives("WAS_THERE", t_ - 3s), 0);
  EXPECT_EQ(arrives("NEW", t_ - 2s), 1);
}

TEST_F(ListPages, TheFirstListShowsArrivalsFromTwoSecondsBehindItsBeginning) {
  known_.baseline_began = known_.list_began = t_;
  const auto arrives = [&](const std::string& serial, Time assigned) {
    return test::must(store(AppleList::full, list_page({report(serial, Operation::none, assigned)}),
                            Source::baseline))
        .outcome.arrivals;
  };
  EXPECT_EQ(arrives("WAS_THERE", t_ + 1s), 0);
  EXPECT_EQ(arrives("NEW", t_ + 2s), 1);
  known_.baseline_done = true;  // a later list
  EXPECT_EQ(arrives("NEW_TOO", t_ + 1s), 1);
}

TEST_F(ListPages, APageHasAsManyDevicesAsAppleAllows) {
  EXPECT_EQ(page_limit(account_), 1000) << "before Apple told";
  account_.apple.emplace().page_limit = 100;
  EXPECT_EQ(page_limit(account_), 100);
}

TEST_F(ListPages, AnErrorOfAListIsApplesAndNamesTheCall) {
  const Error errors[] = {incomplete_answer(AppleList::full), repeated_cursor(AppleList::full),
                          endless_list(AppleList::full, 7)};
  for (const auto& error : errors) {
    EXPECT_EQ(error.code, Code::remote);
    EXPECT_EQ(error.remote.status, 200);
    EXPECT_THAT(error.message, HasSubstr("POST /server/devices"));
    EXPECT_FALSE(error.hint.empty());
  }
  EXPECT_THAT(incomplete_answer(AppleList::changes).message, HasSubstr("POST /devices/sync"));
  EXPECT_THAT(endless_list(AppleList::changes, 7).message, HasSubstr("7 pages received"));
}

}  // namespace
}  // namespace muster::sync
