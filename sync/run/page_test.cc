// Storing a page: devices, history, decisions, assignments.
#include "sync/run/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/rules/coverage.h"
#include "sync/rules/rules.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;
using Operation = DeviceReport::Operation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ProfileUuid kRule("RULE");

DeviceReport row(const std::string& serial, Operation operation, Time date,
                 const std::string& status = "empty", const std::string& uuid = "") {
  DeviceReport report;
  report.serial = Serial(serial);
  report.operation = operation;
  if (operation != Operation::none) report.op_date = date;
  report.facts.model = "iPad";
  report.facts.profile_status = status;
  report.facts.profile_uuid = ProfileUuid(uuid);
  report.facts.assigned_at = date;
  return report;
}

class PageTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = test::open_store(directory_.path());
    ASSERT_TRUE(opened) << opened.error().text();
    store_ = std::move(*opened);
    auto created = store_->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); });
    ASSERT_TRUE(created);
    account_ = *created;
  }

  void star(const ProfileUuid& profile = kRule, Time now = kNow) {
    ASSERT_TRUE(apply_rule(*store_, account_row(), {.filter = "*", .profile = profile}, {.now = now}));
  }
  Account account_row() {
    Account account;
    account.id = account_;
    return account;
  }

  PageOutcome apply(std::vector<DeviceReport> rows, assign::Source source = assign::Source::sync) {
    const PageInput input{.account = account_, .source = source, .now = kNow + 1h};
    auto outcome = store_->write(installation, [&](Writer& w) { return apply_rows(w, input, rows); });
    EXPECT_TRUE(outcome) << outcome.error().text();
    return std::move(*outcome);
  }

  std::optional<Device> device(const std::string& serial) {
    const std::vector<Serial> asked{Serial(serial)};
    auto found = *store_->read([&](Reader& r) { return r.devices(account_, asked); });
    return found.empty() ? std::nullopt : std::optional(found.front());
  }

  std::vector<Kind> history(const std::string& serial) {
    const auto id = device(serial)->id;
    std::vector<Kind> kinds;
    const auto entries = store_->read([&](Reader& r) { return r.history(id); });
    for (const auto& entry : *entries) kinds.push_back(entry.kind);
    return kinds;
  }

  std::vector<std::string> work() {
    std::vector<std::string> serials;
    const auto due = store_->read([&](Reader& r) { return r.next_batch(account_, kNow + 24h, 1000); });
    for (const auto& a : *due) serials.push_back(a.serial.str() + " " + a.profile.str());
    return serials;
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_;
  AccountId account_{};
};

TEST_F(PageTest, TheBaselineIsStoredAndLeftAlone) {
  star();
  const auto outcome = apply({row("A", Operation::none, kNow)}, assign::Source::baseline);
  EXPECT_EQ(outcome.arrivals, 0);
  EXPECT_THAT(work(), IsEmpty());
  EXPECT_EQ(device("A")->facts.model, "iPad");
  EXPECT_THAT(history("A"), ElementsAre(Kind::baseline));
}

TEST_F(PageTest, AnArrivalGetsTheRulesProfile) {
  star();
  EXPECT_EQ(apply({row("A", Operation::added, kNow)}).arrivals, 1);
  EXPECT_THAT(work(), ElementsAre("A RULE"));
  EXPECT_EQ(device("A")->desired.by, Desired::By::rule);
  EXPECT_THAT(history("A"), ElementsAre(Kind::arrived));
}

TEST_F(PageTest, AnArrivalThatHasTheProfileAlreadyNeedsNoWork) {
  star();
  apply({row("A", Operation::added, kNow, "pushed", "RULE")});
  EXPECT_THAT(work(), IsEmpty());
}

TEST_F(PageTest, AnArrivalThatNoRuleCoversIsUncovered) {
  EXPECT_EQ(apply({row("A", Operation::added, kNow)}).uncovered, 1);
  EXPECT_THAT(work(), IsEmpty());
  EXPECT_THAT(history("A"), ElementsAre(Kind::arrived, Kind::uncovered));
}

TEST_F(PageTest, ARuleWithAnUnreadableFilterKeepsArrivalsFromTheNextRule) {
  star();
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) {
    Rule newer{.account = account_, .name = "lab", .filter = "of a newer muster", .profile = kRule};
    return w.put_rule(newer);
  }));
  EXPECT_EQ(apply({row("A", Operation::added, kNow)}).uncovered, 1);
  EXPECT_THAT(work(), IsEmpty());
  EXPECT_EQ(device("A")->desired.by, Desired::By::nobody);
  EXPECT_THAT(history("A"), ElementsAre(Kind::arrived, Kind::uncovered));
  const auto entries = store_->read([&](Reader& r) { return r.history(device("A")->id); });
  ASSERT_TRUE(entries);
  EXPECT_THAT(entries->back().detail, HasSubstr("the filter of 'lab' cannot be read: "));
  const auto coverage = store_->read([&](Reader& r) { return coverage_of(r, account_); });
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->rules[0].devices, 1);
  EXPECT_THAT(coverage->rules[1].shadowed_by, ElementsAre(0));
  EXPECT_EQ(coverage->none, 0);
}

TEST_F(PageTest, AMovedDeviceIsAnArrivalWhateverTheOldProfile) {
  star();
  const auto outcome = apply({row("A", Operation::modified, kNow, "removed", "FOREIGN")});
  EXPECT_THAT(outcome.warnings, ElementsAre("warning: no existing device for DEP device update: A"));
  EXPECT_THAT(work(), ElementsAre("A RULE"));
}

TEST_F(PageTest, AddedAndModifiedInOnePageAreOneAssignmentInEitherOrder) {
  star();
  apply({row("A", Operation::added, kNow), row("A", Operation::modified, kNow + 1s)});
  apply({row("B", Operation::modified, kNow + 1s), row("B", Operation::added, kNow)});
  EXPECT_THAT(work(), ElementsAre("A RULE", "B RULE"));
  EXPECT_EQ(device("B")->last_operation, Operation::modified);
}

// The row of the assignment, and one that shows a foreign profile, in the other order and on two pages.
TEST_F(PageTest, AnArrivalReportedLateKeepsNewerFacts) {
  star();
  apply({row("A", Operation::none, kNow)}, assign::Source::baseline);
  auto foreign = row("A", Operation::modified, kNow + 20s, "assigned", "FOREIGN");
  foreign.facts.assigned_at = kNow + 10s;
  EXPECT_EQ(apply({foreign}).arrivals, 0);
  auto late = row("A", Operation::modified, kNow + 10s, "removed");
  late.facts.model = "of then";
  EXPECT_EQ(apply({late}).arrivals, 1);
  EXPECT_THAT(work(), ElementsAre("A RULE"));
  EXPECT_TRUE(device("A")->facts.has_profile(ProfileUuid("FOREIGN")));
  EXPECT_EQ(device("A")->facts.model, "iPad");
  EXPECT_EQ(device("A")->last_op_date, kNow + 20s);
  EXPECT_EQ(apply({late}).arrivals, 0) << "delivered once more";
  EXPECT_EQ(apply({foreign}).arrivals, 0);
  EXPECT_THAT(history("A"), ElementsAre(Kind::baseline, Kind::observed, Kind::arrived));
}

TEST_F(PageTest, TheRowsOfAnAssignmentAndAProfileMayBeOfOneSecond) {
  star();
  for (const bool on_one_page : {true, false})
    for (const bool in_order : {true, false}) {
      const std::string serial = std::string(on_one_page ? "P" : "Q") + (in_order ? "1" : "2");
      apply({row(serial, Operation::none, kNow)}, assign::Source::baseline);
      auto first = row(serial, Operation::modified, kNow + 10s, "removed");
      auto second = row(serial, Operation::modified, kNow + 10s, "assigned", "FOREIGN");
      if (!in_order) std::swap(first, second);
      if (on_one_page) {
        EXPECT_EQ(apply({first, second}).arrivals, 1) << serial;
      } else {
        EXPECT_EQ(apply({first}).arrivals + apply({second}).arrivals, 1) << serial;
      }
      EXPECT_TRUE(device(serial)->facts.has_profile(ProfileUuid("FOREIGN"))) << serial;
    }
  EXPECT_EQ(work().size(), 4U);
}

TEST_F(PageTest, AReaddedDeviceMayBeReportedLateToo) {
  star();
  apply({row("A", Operation::none, kNow)}, assign::Source::baseline);
  auto touched = row("A", Operation::modified, kNow + 20s, "assigned", "FOREIGN");
  touched.facts.assigned_at = kNow + 10s;
  apply({touched, row("B", Operation::added, kNow)});
  const auto outcome =
      apply({row("A", Operation::deleted, kNow + 5s), row("A", Operation::added, kNow + 10s)});
  EXPECT_EQ(outcome.left, 0);
  EXPECT_THAT(outcome.warnings, ElementsAre("warning: re-adding existing DEP device: A"));
  EXPECT_THAT(work(), testing::UnorderedElementsAre("A RULE", "B RULE"));
}

TEST_F(PageTest, BaselineRowsAreNeverReportedLate) {
  star();
  apply({row("A", Operation::none, kNow, "assigned", "FOREIGN")}, assign::Source::baseline);
  auto touched = row("A", Operation::modified, kNow + 20s, "assigned", "FOREIGN");
  touched.facts.assigned_at = kNow;
  apply({touched});
  EXPECT_EQ(apply({row("A", Operation::added, kNow)}).arrivals, 0);
}

TEST_F(PageTest, TheNewestRowDecides) {
  star();
  apply({row("A", Operation::deleted, kNow + 2s), row("A", Operation::added, kNow + 1s)});
  EXPECT_TRUE(device("A")->tombstone);
  EXPECT_THAT(work(), IsEmpty());
  apply({row("A", Operation::added, kNow + 1s)});  // late
  EXPECT_TRUE(device("A")->tombstone);
  apply({row("A", Operation::added, kNow + 3s)});
  EXPECT_FALSE(device("A")->tombstone);
  EXPECT_THAT(work(), ElementsAre("A RULE"));
}

TEST_F(PageTest, ADeletedRowOfAnUnknownDeviceKeepsAnOlderRowFromRevivingIt) {
  star();
  apply({row("A", Operation::deleted, kNow + 2s)});
  apply({row("A", Operation::added, kNow)});
  EXPECT_TRUE(device("A")->tombstone);
  EXPECT_THAT(work(), IsEmpty());
}

TEST_F(PageTest, ADeviceThatLeftHasNoAssignmentAndKeepsItsHistory) {
  star();
  apply({row("A", Operation::added, kNow)});
  auto sparse = row("A", Operation::deleted, kNow + 1s);
  sparse.facts = {};
  const auto outcome = apply({sparse});
  EXPECT_EQ(outcome.left, 1);
  EXPECT_THAT(outcome.warnings, ElementsAre("warning: DEP device unassigned: A"));
  EXPECT_THAT(work(), IsEmpty());
  EXPECT_EQ(device("A")->facts.model, "iPad");
  EXPECT_THAT(history("A"), ElementsAre(Kind::arrived, Kind::left));
}

TEST_F(PageTest, ReaddingWarnsAndAssignsAgain) {
  star();
  apply({row("A", Operation::added, kNow, "assigned", "RULE")});
  const auto outcome = apply({row("A", Operation::added, kNow + 1s)});
  EXPECT_THAT(outcome.warnings, ElementsAre("warning: re-adding existing DEP device: A"));
  EXPECT_THAT(work(), ElementsAre("A RULE"));
}

TEST_F(PageTest, ApplesReportConfirmsAnAssignment) {
  star();
  apply({row("A", Operation::added, kNow)});
  auto seen = row("A", Operation::modified, kNow + 5s, "assigned", "RULE");
  seen.facts.assigned_at = kNow;
  apply({seen});
  EXPECT_THAT(work(), IsEmpty());
  EXPECT_THAT(history("A"), ElementsAre(Kind::arrived, Kind::observed, Kind::confirmed));
}

TEST_F(PageTest, AnUnchangedDeviceWritesNoHistory) {
  apply({row("A", Operation::none, kNow)}, assign::Source::baseline);
  apply({row("A", Operation::none, kNow)}, assign::Source::refetch);
  EXPECT_THAT(history("A"), ElementsAre(Kind::baseline));
}

TEST_F(PageTest, ALaterFullListFindsTheNew) {
  star();
  apply({row("OLD", Operation::none, kNow)}, assign::Source::baseline);
  const auto outcome =
      apply({row("OLD", Operation::none, kNow), row("NEW", Operation::none, kNow)}, assign::Source::refetch);
  EXPECT_EQ(outcome.arrivals, 1);
  EXPECT_THAT(work(), ElementsAre("NEW RULE"));
}

TEST_F(PageTest, WaitingDevicesFollowTheRuleToItsNewProfile) {
  star();
  apply({row("A", Operation::added, kNow)});
  star(ProfileUuid("NEWER"), kNow + 2h);
  EXPECT_THAT(work(), ElementsAre("A NEWER"));
}

TEST_F(PageTest, ARemovedRuleLeavesItsDevicesAndCoversNobodyNew) {
  star();
  apply({row("A", Operation::added, kNow)});
  ASSERT_TRUE(drop_rule(*store_, account_row(), "*", "", {.now = kNow}));
  EXPECT_EQ(apply({row("B", Operation::added, kNow)}).uncovered, 1);
  EXPECT_THAT(work(), ElementsAre("A RULE"));
  const auto again = drop_rule(*store_, account_row(), "*", "", {.now = kNow});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::not_found);
}

}  // namespace
}  // namespace muster::sync
