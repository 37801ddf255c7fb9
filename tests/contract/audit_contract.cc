// What a store promises of the audit: entries come with the changes that they are about, and none can be
// changed unseen.
#include <gmock/gmock.h>

#include <functional>

#include "store/acting_store.h"
#include "store/audit_check.h"
#include "tests/contract/store_contract.h"
#include "tests/support/manual_clock.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Audit {
 public:
  explicit Audit(Store& store, Actor actor = {.key = "ci",
                                              .address = "192.0.2.1",
                                              .said = "ann",
                                              .request = "r-1",
                                              .account = "default"})
      : store_(store), actor_(std::move(actor)) {}

  Store& acting() {
    acting_.emplace(store_, clock_, actor_, call_);
    return *acting_;
  }
  void add(const std::string& action, const std::string& object = "") {
    const auto done = acting().write(installation, [&](Writer& w) -> Result<> {
      w.note_change({.action = action, .object = object, .after = "{}"});
      return {};
    });
    EXPECT_TRUE(done);
    clock_.advance(1s);
  }
  std::vector<AuditEntry> all() {
    return *store_.read([](Reader& r) { return r.audit_after(0, 1000); });
  }
  AuditVerdict check(const std::optional<AuditLink>& known = {}) { return *check_audit(store_, known, {}); }
  ManualClock clock_;

 private:
  Store& store_;
  Actor actor_;
  const std::string call_ = "PUT /api/v1/rules";
  std::optional<ActingStore> acting_;
};

std::vector<std::string> actions(const std::vector<AuditEntry>& entries) {
  std::vector<std::string> list;
  for (const auto& entry : entries) list.push_back(entry.change.action);
  return list;
}

}  // namespace

TEST_P(StoreContract, AnActingStoresWriteLeavesAnEntry) {
  const auto account = make_account();
  Audit audit(store());
  const auto done = audit.acting().write(account, [&](Writer& w) -> Result<> {
    w.note_change({.action = "account.changed",
                   .object = "default",
                   .before = "{\"paused\":false}",
                   .after = "{\"paused\":true}"});
    return w.put_paused(account, true);
  });
  ASSERT_TRUE(done) << done.error().text();
  reopen();
  Audit again(store());
  const auto entries = again.all();
  ASSERT_THAT(entries, SizeIs(1));
  const auto& entry = entries.front();
  EXPECT_EQ(entry.link.number, 1);
  EXPECT_EQ(entry.at, again.clock_.now());
  EXPECT_EQ(entry.actor.key, "ci");
  EXPECT_EQ(entry.actor.address, "192.0.2.1");
  EXPECT_EQ(entry.actor.said, "ann");
  EXPECT_EQ(entry.actor.request, "r-1");
  EXPECT_EQ(entry.actor.account, "default");
  EXPECT_EQ(entry.change.action, "account.changed");
  EXPECT_EQ(entry.change.object, "default");
  EXPECT_EQ(entry.change.before, "{\"paused\":false}");
  EXPECT_EQ(entry.change.after, "{\"paused\":true}");
  EXPECT_EQ(entry.link.digest, audit_digest("", entry));
}

TEST_P(StoreContract, AWriteThatSaysNothingIsNamedAfterItsCall) {
  const auto account = make_account();
  Audit audit(store());
  Store& acting = audit.acting();
  ASSERT_TRUE(acting.write(account, [&](Writer& w) { return w.put_paused(account, true); }));
  ASSERT_TRUE(acting.write(account, [&](Writer& w) { return w.put_paused(account, false); }));
  EXPECT_THAT(actions(audit.all()), ElementsAre("PUT /api/v1/rules")) << "once";
  ASSERT_TRUE(audit.acting().write(account, [&](Writer& w) -> Result<> {
    w.note_no_change();
    return {};
  }));
  EXPECT_THAT(audit.all(), SizeIs(1));
}

TEST_P(StoreContract, AnEntryIsUndoneWithItsWrite) {
  const auto account = make_account();
  Audit audit(store());
  const auto done = audit.acting().write(account, [&](Writer& w) -> Result<> {
    w.note_change({.action = "account.changed"});
    return failure(Code::conflict, "no");
  });
  EXPECT_FALSE(done);
  EXPECT_THAT(audit.all(), IsEmpty());
  write([](Writer& w) -> Result<> {
    w.note_change({.action = "of a run"});
    return {};
  });
  EXPECT_THAT(audit.all(), IsEmpty()) << "what runs write is no operator's change";
}

TEST_P(StoreContract, TheAuditIsFoundByTimePersonAndAction) {
  Audit audit(store());
  const Time first = audit.clock_.now();
  for (const char* action : {"rule.saved", "rules.other", "rule.removed", "list.changed"}) audit.add(action);
  Audit other(store(),
              {.key = "other", .address = "192.0.2.2", .said = "bob", .request = "r-2", .account = "lab"});
  other.clock_.advance(10s);
  other.add("rule.saved");
  const auto found = [&](const std::function<void(AuditQuery&)>& choose) {
    AuditQuery query;
    choose(query);
    return actions(read([&](Reader& r) { return r.audit_page(query); }));
  };
  EXPECT_THAT(found([](AuditQuery&) {}),
              ElementsAre("rule.saved", "list.changed", "rule.removed", "rules.other", "rule.saved"));
  EXPECT_THAT(found([](AuditQuery& q) { q.what = "rule"; }),
              ElementsAre("rule.saved", "rule.removed", "rule.saved"));
  EXPECT_THAT(found([](AuditQuery& q) { q.what = "rule.saved"; }), SizeIs(2));
  EXPECT_THAT(found([](AuditQuery& q) { q.who = "bob"; }), ElementsAre("rule.saved"));
  EXPECT_THAT(found([](AuditQuery& q) { q.who = "ci"; }), SizeIs(4));
  EXPECT_THAT(found([](AuditQuery& q) { q.account = "lab"; }), SizeIs(1));
  EXPECT_THAT(found([&](AuditQuery& q) {
                q.since = first + 2s;
                q.until = first + 4s;
              }),
              ElementsAre("list.changed", "rule.removed"));
  EXPECT_THAT(found([](AuditQuery& q) {
                q.before = 3;
                q.limit = 1;
              }),
              ElementsAre("rules.other"));
}

TEST_P(StoreContract, TheChainOfTheAuditIsWhole) {
  Audit audit(store());
  EXPECT_FALSE(audit.check().broken_at);
  EXPECT_EQ(audit.check().last, AuditLink{});
  for (int i = 0; i < 5; ++i) audit.add("rule.saved", std::to_string(i));
  const auto entries = audit.all();
  const auto verdict = audit.check(entries[2].link);
  EXPECT_FALSE(verdict.broken_at) << verdict.fault;
  EXPECT_EQ(verdict.entries, 5);
  EXPECT_EQ(verdict.last, entries.back().link);
  EXPECT_EQ(audit.check(AuditLink{3, entries[1].link.digest}).broken_at, 3) << "another was noted";
  EXPECT_EQ(audit.check(AuditLink{6, entries[1].link.digest}).broken_at, 6) << "it was removed from the end";
}

// As somebody does who can write the database.
TEST_P(StoreContract, AForgedEntryIsFound) {
  Audit audit(store());
  for (int i = 0; i < 3; ++i) audit.add("rule.saved", std::to_string(i));
  write([](Writer& w) -> Result<> {
    MUSTER_TRY(auto last, w.end_of_audit());
    AuditEntry forged{
        .link = {last.number + 1, std::string(64, '0')}, .actor = {}, .change = {.action = "forged"}};
    MUSTER_TRY(w.add_audit(forged));
    forged.link.number += 2;
    forged.link.digest = audit_digest(std::string(64, '0'), forged);
    return w.add_audit(forged);
  });
  const auto verdict = audit.check();
  EXPECT_EQ(verdict.broken_at, 4);
  EXPECT_THAT(verdict.fault, HasSubstr("digest"));
  EXPECT_EQ(verdict.entries, 3);
}

TEST_P(StoreContract, AMissingEntryIsFound) {
  Audit audit(store());
  for (int i = 0; i < 3; ++i) audit.add("rule.saved", std::to_string(i));
  write([](Writer& w) -> Result<> {
    MUSTER_TRY(auto last, w.end_of_audit());
    AuditEntry entry{.link = {last.number + 2, {}}, .actor = {}, .change = {.action = "behind a gap"}};
    entry.link.digest = audit_digest(last.digest, entry);
    return w.add_audit(entry);
  });
  EXPECT_EQ(audit.check().broken_at, 4);
}

TEST_P(StoreContract, OldEntriesGoAndTheChainStays) {
  Audit audit(store());
  const Time first = audit.clock_.now();
  for (int i = 0; i < 6; ++i) audit.add("rule.saved", std::to_string(i));
  const auto entries = audit.all();
  const auto remove = [&](Time before, size_t limit, long long expected) {
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(const auto removed, w.remove_old_audit(before, limit));
      EXPECT_EQ(removed, expected);
      return {};
    });
  };
  remove(first + 3s, 2, 2);
  remove(first + 3s, 2, 1);
  remove(first + 3s, 2, 0);
  EXPECT_EQ(audit.all().front().link, entries[3].link);
  auto verdict = audit.check();
  EXPECT_FALSE(verdict.broken_at) << verdict.fault;
  EXPECT_EQ(verdict.first, entries[2].link);
  remove(first + 60s, 100, 3);
  audit.add("rule.saved");
  EXPECT_EQ(audit.all().front().link.number, 7);
  EXPECT_FALSE(audit.check().broken_at);
}

}  // namespace muster::test
