// What a device takes over from the one that it replaces: docs/replacements.md.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sync/inheritance/ask_replacements.h"
#include "sync/inheritance/find_replaced.h"
#include "sync/run/lanes.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kReplacementCall = "GET /device/replacementDetails";

class Replacements : public test::AccountFixture {
 protected:
  Replacements() {
    lane_.context.read_ahead = false;
    inherit(true);
    SyncState state;
    state.changes = Cursor("c0");
    state.baseline_done = true;
    put_state(state);
    for (const char* name : {"lab", "cart"}) {
      SerialList list{.account = account_.id, .name = name, .version = 1};
      write([&](Writer& w) { return w.put_serial_list(list); });
      lists_[name] = list.id;
    }
    apple_names({{"NEW", "OLD"}});
  }

  void inherit(bool wanted) {
    write([&](Writer& w) { return w.put_inherit_replacements(account_.id, wanted); });
    reload();
  }

  // Devices and the ones that they replace, as Apple tells from now on.
  void apple_names(std::map<std::string, std::string> originals) {
    apple_.on(kReplacementCall, [=](const test::AppleCall& call) -> Result<http::Response> {
      const auto serial = call.query.substr(call.query.find('=') + 1);
      const auto found = originals.find(serial);
      if (found == originals.end()) return http::Response{.status = 400, .body = "DEVICE_NOT_FOUND"};
      return http::Response{
          .status = 200,
          .body = write_json(boost::json::object{{"serial_number", serial},
                                                 {"original_device_serial_number", found->second},
                                                 {"replacement_date", "2026-03-01"}})};
    });
  }
  size_t times_asked() const { return apple_.calls(kReplacementCall).size(); }

  // Each page is of a later second.
  test::AppleRow row(const std::string& serial, const std::string& operation, const std::string& flag = "") {
    return {.serial = serial,
            .operation = operation,
            .date = clock_.now(),
            .assigned = clock_.now(),
            .flag = flag};
  }
  test::AppleRow arrival(const std::string& serial) { return row(serial, "added", "is_replacement_device"); }
  void show(const std::vector<test::AppleRow>& rows) {
    apple_.on(test::kChangesCall, test::page(rows, fmt::format("c{}", ++pages_)));
    test::must(lane_.read_changes());
    clock_.advance(10s);
  }
  bool ask() { return test::must(ask_about_replacements(lane_.context, failing())); }
  std::atomic<bool>& failing() { return lane_.memory.replacements_are_failing; }
  std::vector<Question> questions() {
    return read(
        [&](Reader& r) { return r.questions(account_.id, Question::Kind::replacement, Time::max(), 100); });
  }

  void add_old(Desired::By by = Desired::By::nobody) {
    Device old;
    old.serial = Serial("OLD");
    old.desired.by = by;
    if (by == Desired::By::hold) old.desired.at = clock_.now() - 24h;
    add_device(old);
  }
  void put_note(const std::string& serial, const Note& note) {
    const SerialNote noted{Serial(serial), note};
    write([&](Writer& w) { return w.put_notes(account_.id, std::span(&noted, 1)); });
  }
  Note note(const std::string& serial) {
    const Serial asked(serial);
    return read([&](Reader& r) { return r.notes(account_.id, std::span(&asked, 1)); })[asked];
  }
  void put_in(const std::string& list, const std::string& serial) {
    const Serial member(serial);
    write([&](Writer& w) { return w.add_to_list(lists_.at(list), std::span(&member, 1)); });
  }
  std::set<std::string> lists_of(const std::string& serial) {
    const Serial asked(serial);
    return read([&](Reader& r) { return r.lists_of(account_.id, std::span(&asked, 1)); })[asked];
  }
  // What the history says of it; "" when it says nothing.
  std::string inherited(const std::string& serial) {
    std::string detail;
    for (const auto& entry : history(serial))
      if (entry.kind == Kind::inherited) detail += (detail.empty() ? "" : " | ") + entry.detail;
    return detail;
  }

  const Note old_note_{.name = "cart 3", .owner = "Ada", .group = "4b", .asset_tag = "T1"};
  std::map<std::string, SerialListId> lists_;
  int pages_ = 0;
};

TEST_F(Replacements, NotesAndListsAreThereBeforeTheRulesDecide) {
  add_old();
  put_note("OLD", old_note_);
  put_in("lab", "OLD");
  put_in("cart", "OLD");
  add_rule({.filter = "note.group = 4b and serial in @lab", .profile = ProfileUuid("LAB")});
  show({arrival("NEW")});
  EXPECT_EQ(note("NEW"), old_note_);
  EXPECT_THAT(lists_of("NEW"), ElementsAre("cart", "lab"));
  EXPECT_EQ(device("NEW").desired.profile, ProfileUuid("LAB"));
  EXPECT_THAT(kinds("NEW"), ElementsAre(Kind::inherited, Kind::arrived));
  EXPECT_EQ(inherited("NEW"), "replaces OLD: its note and 2 lists were taken over");
  EXPECT_EQ(times_asked(), 1u);
  EXPECT_THAT(questions(), IsEmpty());
  EXPECT_EQ(note("OLD"), old_note_) << "the replaced device keeps it";
  EXPECT_EQ(read([&](Reader& r) { return r.serial_list(account_.id, "lab"); })->version, 2);
}

TEST_F(Replacements, AHoldKeepsTheRulesAway) {
  add_old(Desired::By::hold);
  add_rule({.filter = "*", .profile = ProfileUuid("ALL")});
  show({arrival("NEW")});
  EXPECT_EQ(device("NEW").desired.by, Desired::By::hold);
  EXPECT_FALSE(work("NEW"));
  EXPECT_THAT(kinds("NEW"), ElementsAre(Kind::inherited, Kind::arrived, Kind::held));
  EXPECT_EQ(inherited("NEW"), "replaces OLD: its hold was taken over");
}

TEST_F(Replacements, AHoldOutlastsTheReplacedDevice) {
  add_old(Desired::By::hold);
  show({row("OLD", "deleted", "released_by_replacement")});
  show({arrival("NEW")});
  EXPECT_EQ(device("NEW").desired.by, Desired::By::hold);
}

TEST_F(Replacements, AHoldEndsWithADeviceThatLeftForAnotherReason) {
  add_old(Desired::By::hold);
  show({row("OLD", "deleted")});
  show({arrival("NEW")});
  EXPECT_EQ(device("NEW").desired.by, Desired::By::nobody);
  EXPECT_EQ(inherited("NEW"), "replaces OLD: there was nothing to take over");
}

TEST_F(Replacements, TheReplacedDeviceDoesNotComeBackOnHold) {
  add_old(Desired::By::hold);
  add_rule({.filter = "*", .profile = ProfileUuid("ALL")});
  show({row("OLD", "deleted", "released_by_replacement")});
  show({row("OLD", "added")});
  EXPECT_EQ(device("OLD").desired.profile, ProfileUuid("ALL"));
}

TEST_F(Replacements, BothRowsMayBeOnOnePage) {
  add_old(Desired::By::hold);
  put_note("OLD", old_note_);
  show({row("OLD", "deleted", "released_by_replacement"), arrival("NEW")});
  EXPECT_EQ(device("NEW").desired.by, Desired::By::hold);
  EXPECT_EQ(note("NEW"), old_note_);
}

TEST_F(Replacements, WhatTheDeviceHasOfItsOwnWins) {
  add_old(Desired::By::hold);
  put_note("OLD", old_note_);
  put_note("NEW", {.owner = "Bob"});
  put_in("lab", "OLD");
  put_in("lab", "NEW");
  Device ours;
  ours.serial = Serial("NEW");
  ours.desired = {Desired::By::manual, ProfileUuid("MINE"), {}, clock_.now()};
  add_device(ours);
  show({arrival("NEW")});
  EXPECT_EQ(note("NEW"), (Note{.name = "cart 3", .owner = "Bob", .group = "4b", .asset_tag = "T1"}));
  EXPECT_EQ(device("NEW").desired.profile, ProfileUuid("MINE"));
  EXPECT_EQ(inherited("NEW"),
            "replaces OLD: its note was taken over; its hold was not, because an operator had decided about "
            "this device");
}

TEST_F(Replacements, AnUnknownDeviceLeavesWhatWasImportedForIt) {
  put_note("OLD", old_note_);
  show({arrival("NEW")});
  EXPECT_EQ(inherited("NEW"), "replaces OLD: its note was taken over");
}

TEST_F(Replacements, AReplacementMayBeReplaced) {
  apple_names({{"NEW", "OLD"}, {"NEWER", "NEW"}});
  add_old(Desired::By::hold);
  put_note("OLD", old_note_);
  show({arrival("NEW"), arrival("NEWER")});
  EXPECT_EQ(note("NEWER"), old_note_);
  EXPECT_EQ(device("NEWER").desired.by, Desired::By::hold);
}

TEST_F(Replacements, NothingIsAskedOfAnAccountThatDoesNotWantIt) {
  inherit(false);
  add_old(Desired::By::hold);
  show({arrival("NEW")});
  EXPECT_EQ(times_asked(), 0u);
  EXPECT_THAT(kinds("NEW"), ElementsAre(Kind::arrived, Kind::uncovered));
  EXPECT_THAT(questions(), IsEmpty());
}

TEST_F(Replacements, NothingIsAskedWithoutAReplacement) {
  show({row("A", "added"), row("B", "added", "released_by_replacement")});
  EXPECT_EQ(times_asked(), 0u);
}

TEST_F(Replacements, ThereIsOneInheritanceForEver) {
  add_old();
  put_note("OLD", old_note_);
  show({arrival("NEW")});
  put_note("NEW", {});
  show({row("NEW", "modified", "is_replacement_device")});
  show({row("NEW", "deleted")});
  show({arrival("NEW")});
  EXPECT_TRUE(note("NEW").is_empty()) << "an operator removed it";
  EXPECT_EQ(inherited("NEW"), "replaces OLD: its note was taken over");
  EXPECT_THAT(questions(), IsEmpty());
}

TEST_F(Replacements, TheFlagMayComeWithALaterRow) {
  add_old(Desired::By::hold);
  put_note("OLD", old_note_);
  add_rule({.filter = "*", .profile = ProfileUuid("ALL")});
  show({row("NEW", "added")});
  ASSERT_TRUE(work("NEW"));
  auto later = row("NEW", "modified", "is_replacement_device");
  later.assigned = clock_.now() - 10s;
  show({later});
  EXPECT_EQ(note("NEW"), old_note_);
  EXPECT_EQ(device("NEW").desired.by, Desired::By::hold);
  EXPECT_FALSE(work("NEW"));
  later.date = clock_.now();
  show({later});
  EXPECT_EQ(times_asked(), 1u);
}

TEST_F(Replacements, APageDoesNotWaitForAnAnswerThatDoesNotCome) {
  add_old(Desired::By::hold);
  put_note("OLD", old_note_);
  add_rule({.filter = "*", .profile = ProfileUuid("ALL")});
  apple_.on(kReplacementCall, test::answer_lost());
  show({arrival("NEW"), arrival("OTHER")});
  EXPECT_EQ(device("NEW").desired.profile, ProfileUuid("ALL"));
  EXPECT_EQ(times_asked(), 1u) << "one failure is enough";
  EXPECT_THAT(questions(), SizeIs(2));
  EXPECT_THAT(lane_.woken, testing::Contains(Lane::questions));

  apple_names({{"NEW", "OLD"}, {"OTHER", "GONE"}});
  EXPECT_TRUE(ask());
  EXPECT_FALSE(failing());
  EXPECT_EQ(note("NEW"), old_note_);
  EXPECT_EQ(device("NEW").desired.by, Desired::By::hold);
  EXPECT_FALSE(work("NEW"));
  EXPECT_THAT(kinds("NEW"), ElementsAre(Kind::arrived, Kind::inherited, Kind::held));
  EXPECT_EQ(device("OTHER").desired.profile, ProfileUuid("ALL"));
  EXPECT_EQ(inherited("OTHER"), "replaces GONE: there was nothing to take over");
  EXPECT_THAT(questions(), IsEmpty());
  EXPECT_FALSE(ask());
}

TEST_F(Replacements, ManyOnOnePageWaitForTheLaneOfQuestions) {
  std::vector<test::AppleRow> rows;
  std::map<std::string, std::string> originals;
  for (int i = 0; i < kMostReplacementCalls + 3; ++i) {
    rows.push_back(arrival(fmt::format("NEW{}", i)));
    originals[fmt::format("NEW{}", i)] = fmt::format("OLD{}", i);
  }
  apple_names(originals);
  show(rows);
  EXPECT_EQ(times_asked(), static_cast<size_t>(kMostReplacementCalls));
  EXPECT_THAT(questions(), SizeIs(3));
  test::must(ask_questions(lane_.context));
  EXPECT_EQ(times_asked(), rows.size());
  EXPECT_THAT(questions(), IsEmpty());
}

TEST_F(Replacements, AppleIsNotAskedForEver) {
  apple_names({});
  show({arrival("NEW")});
  int turns = 0;
  for (; !questions().empty() && turns < 100; ++turns) {
    test::must(ask_questions(lane_.context));
    clock_.advance(24h);
  }
  EXPECT_EQ(turns, kMostAsksAboutReplacement);
  EXPECT_EQ(inherited("NEW"), "replaces a device that Apple does not name: nothing was taken over");
}

TEST_F(Replacements, ALastingFaultIsNoTroubleOfTheLane) {
  apple_.on(kReplacementCall, test::answer_word(500, ""));
  show({arrival("A"), arrival("B")});
  EXPECT_TRUE(ask_questions(lane_.context));
  EXPECT_TRUE(failing());
  EXPECT_THAT(questions(), SizeIs(2));
  const auto before = times_asked();
  show({arrival("C")});
  EXPECT_EQ(times_asked(), before) << "pages ask no more";
  for (const auto& question : questions())
    EXPECT_EQ(question.attempts, question.serial == Serial("C") ? 0 : 1) << question.serial.str();
}

TEST_F(Replacements, QuestionsEndWithTheAccountsWish) {
  apple_names({});
  show({arrival("NEW")});
  ASSERT_THAT(questions(), SizeIs(1));
  inherit(false);
  const auto before = times_asked();
  EXPECT_TRUE(ask());
  EXPECT_THAT(questions(), IsEmpty());
  EXPECT_EQ(times_asked(), before);
}

TEST_F(Replacements, WhatLeftMeanwhileInheritsNothing) {
  add_old();
  put_note("OLD", old_note_);
  apple_.on(kReplacementCall, test::answer_lost());
  show({arrival("NEW")});
  show({row("NEW", "deleted")});
  apple_names({{"NEW", "OLD"}});
  EXPECT_TRUE(ask());
  EXPECT_TRUE(note("NEW").is_empty());
  EXPECT_THAT(questions(), IsEmpty());
}

}  // namespace
}  // namespace muster::sync
