#include "sync/rules/device_lists.h"

#include <gmock/gmock.h>

#include "sync/rules/device_notes.h"
#include "sync/rules/filters.h"
#include "sync/rules/rule_change.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using How = ListChange::How;
using testing::ElementsAre;
using testing::HasSubstr;

class DeviceLists : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *test::open_store(directory_.path());
    account_ = *store_->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); });
  }
  Result<ChangedList> change(How how, std::initializer_list<const char*> texts, bool dry_run = false,
                             std::optional<std::int64_t> version = {}, const std::string& name = "lab") {
    std::vector<Serial> serials;
    for (const char* text : texts) serials.emplace_back(text);
    const ListChange wanted{.name = name, .how = how, .serials = serials, .version = version};
    ChangedList changed;
    const RuleChange change{.account = account_,
                            .apply = [&](Writer& w) -> Result<> {
                              MUSTER_TRY(changed, change_list(w, account_, wanted, kNow));
                              return {};
                            },
                            .preview = dry_run,
                            .now = kNow};
    MUSTER_TRY(change_rules(*store_, change));
    return changed;
  }
  std::vector<Serial> serials() {
    return *store_->read([&](Reader& r) -> Result<std::vector<Serial>> {
      MUSTER_TRY(const auto list, find_list(r, account_, "lab"));
      return r.serial_list_page(list.id, Serial(), 100);
    });
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_;
  AccountId account_{};
};

TEST_F(DeviceLists, AreMadeAndChanged) {
  const auto made = change(How::create, {"B", "A"});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE(made->created);
  EXPECT_EQ(made->list.version, 1);
  EXPECT_EQ(made->list.size, 2);
  EXPECT_EQ(change(How::add, {"C", "A"})->added, 1);
  EXPECT_EQ(change(How::remove, {"A", "X"})->removed, 1);
  EXPECT_THAT(serials(), ElementsAre(Serial("B"), Serial("C")));
  const auto replaced = *change(How::replace, {"C", "D", "E"});
  EXPECT_EQ(replaced.added, 2);
  EXPECT_EQ(replaced.removed, 1);
  EXPECT_EQ(replaced.list.size, 3);
  EXPECT_EQ(replaced.list.version, 4);
  EXPECT_THAT(serials(), ElementsAre(Serial("C"), Serial("D"), Serial("E")));
}

TEST_F(DeviceLists, KeepTheirVersionWhenNothingChanges) {
  change(How::create, {"A"});
  EXPECT_EQ(change(How::replace, {"A"})->list.version, 1);
  EXPECT_EQ(change(How::add, {"A"})->list.version, 1);
}

TEST_F(DeviceLists, ADryRunOnlySays) {
  EXPECT_EQ(change(How::create, {"A"}, true)->added, 1);
  EXPECT_EQ(change(How::add, {"A"}).error().code, Code::not_found);
  change(How::create, {"A"});
  EXPECT_EQ(change(How::replace, {"B"}, true)->removed, 1);
  EXPECT_THAT(serials(), ElementsAre(Serial("A")));
  EXPECT_EQ(change(How::create, {}, true).error().code, Code::conflict);
}

TEST_F(DeviceLists, RejectWhatWasNotMeant) {
  change(How::create, {"A"});
  EXPECT_THAT(
      change(How::create, {"B"}).error().text(),
      "the list lab already exists, with 1 serial number. To change it, use -add, -remove or -replace");
  EXPECT_THAT(change(How::add, {"B"}, false, {}, "lba").error().text(),
              "there is no list lba. Did you mean lab?");
  EXPECT_EQ(change(How::create, {"B"}, false, {}, "Lab 1").error().code, Code::invalid);
  change(How::add, {"B"});
  const auto stale = change(How::add, {"C"}, false, 1);
  EXPECT_EQ(stale.error().code, Code::conflict);
  EXPECT_THAT(stale.error().text(), HasSubstr("its version is 2, not 1"));
  EXPECT_TRUE(change(How::add, {"C"}, false, 2));
}

TEST_F(DeviceLists, StayWhileARuleAsksThem) {
  change(How::create, {"A"});
  Rule rule{.account = account_, .filter = "os = iOS and serial not in @lab", .profile = ProfileUuid("U")};
  const auto remove = [&] {
    return store_->write(installation, [&](Writer& w) { return remove_list(w, account_, "lab"); });
  };
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) {
    rule.id = {};  // of an earlier run
    return w.put_rule(rule);
  }));
  EXPECT_EQ(remove().error().code, Code::conflict);
  EXPECT_THAT(remove().error().text(), HasSubstr("'os = iOS and serial not in @lab'"));
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) { return w.remove_rule(rule.id); }));
  EXPECT_TRUE(remove());
  EXPECT_EQ(remove().error().code, Code::not_found);
}

TEST_F(DeviceLists, AreToBeThereForAFilter) {
  change(How::create, {"A"});
  const auto read = [&](const char* text) {
    return store_->read([&](Reader& r) { return read_filter(r, account_, text); });
  };
  EXPECT_TRUE(read("serial in @lab"));
  EXPECT_EQ(read("serial in @lba").error().text(),
            "the filter uses the list @lba, which does not exist. Did you mean `@lab`?");
  EXPECT_THAT(read("serial in @office").error().text(), HasSubstr("mdmctl apply device-list -name office"));
}

TEST_F(DeviceLists, NotesChangeOnlyWhereRowsSaySo) {
  const auto change_to = [&](const std::vector<NoteRow>& rows) {
    return *store_->write(installation, [&](Writer& w) { return change_notes(w, account_, rows); });
  };
  change_to({{.serial = Serial("A"), .name = "Cart", .owner = "Ada"}, {.serial = Serial("B"), .name = "x"}});
  const auto counts = change_to({{.serial = Serial("A"), .owner = "Eva"},
                                 {.serial = Serial("B"), .name = ""},
                                 {.serial = Serial("C"), .group = ""},
                                 {.serial = Serial("D"), .group = "4b"}});
  EXPECT_EQ(counts.changed, 1);
  EXPECT_EQ(counts.removed, 1);
  EXPECT_EQ(counts.same, 1);
  EXPECT_EQ(counts.added, 1);
  EXPECT_THAT(*store_->read([&](Reader& r) { return r.note_page(account_, Serial(), 10); }),
              ElementsAre(SerialNote{Serial("A"), {.name = "Cart", .owner = "Eva"}},
                          SerialNote{Serial("D"), {.group = "4b"}}));
}

}  // namespace
}  // namespace muster::sync
