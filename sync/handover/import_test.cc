// An account of another server becomes one of Muster's.
#include "sync/handover/import.h"

#include <gmock/gmock.h>

#include "apple/session/key_ring.h"
#include "apple/session/token.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Outcome = ImportedPart::Outcome;
using testing::HasSubstr;

const AccountName kImported("MDMServer1");
constexpr const char* kUsual = "43277A13FBCA0CFC43277A13FBCA0CFC";
constexpr const char* kOther = "AAAA7A13FBCA0CFC43277A13FBCA0CFC";

class ImportAccount : public test::AccountFixture {
 protected:
  ImportAccount() {
    apple_.on("GET /account", test::answer_json({{"server_name", "School"}, {"server_uuid", "SCHOOL"}}));
    apple_.on("GET /profile", [](const test::AppleCall& call) {
      const bool is_usual = call.query.ends_with(kUsual);
      return http::Response{
          .status = 200,
          .body = write_json(boost::json::object{{"profile_uuid", is_usual ? kUsual : kOther},
                                                 {"profile_name", "Usual"},
                                                 {"url", is_usual ? "https://b" : "https://a"}})};
    });
    given_.source = "NanoDEP";
    given_.token_json =
        R"({"consumer_key":"CK_OLD","consumer_secret":"CS","access_token":"AT","access_secret":"AS"})";
    given_.base_url = "https://apple.example.org/";
    given_.key_pairs = {pair_, older_pair_};
    given_.assigner = ProfileUuid(kUsual);
    given_.profiles = {ProfileUuid(kUsual), ProfileUuid(kOther)};
    given_.cursor = Cursor("MDowOjE2");
    given_.synced_at = kNow - 2h;
  }

  Result<ImportReport> import(bool preview = false, const AccountName& name = kImported) {
    return import_account(*store_, services_, clock_, name, given_, "ada", preview, {});
  }
  static std::string text_of(const Result<ImportReport>& report) {
    if (!report) return report.error().text();
    std::string text;
    for (const auto& part : report->parts) text += part.part + " " + std::string(word(part.outcome)) + "\n";
    return text;
  }
  std::optional<Account> stored(const AccountName& name = kImported) {
    return read([&](Reader& r) { return r.account(name); });
  }

  const KeyPair pair_ = test::must(apple::make_key_pair("staged", kNow, 1));
  const KeyPair older_pair_ = test::must(apple::make_key_pair("current", kNow, 1));
  Services services_{*store_, apple_, clock_, ""};
  AccountImport given_;
};

constexpr const char* kEverything =
    "account imported\ntoken imported\naddress imported\nkey pair imported\nprofile imported\nprofile imported\n"
    "assigner imported\ncursor imported\narrivals imported\n";

TEST_F(ImportAccount, AllOfItIsThereAfterOneTransaction) {
  const auto report = import();
  ASSERT_EQ(text_of(report), kEverything);
  EXPECT_TRUE(report->applied);
  const auto account = stored();
  ASSERT_TRUE(account);
  EXPECT_EQ(account->id, report->account);
  EXPECT_EQ(account->base_url, "https://apple.example.org");
  EXPECT_EQ(account->token->consumer_key, "CK_OLD");
  const auto state = read([&](Reader& r) { return r.sync_state(account->id); });
  EXPECT_EQ(state.changes, Cursor("MDowOjE2"));
  EXPECT_EQ(state.taken_over_since, kNow - 2h);
  EXPECT_FALSE(state.baseline_done);
  const auto pairs = apple::pairs_in(*read([&](Reader& r) { return r.key_pair(account->id); }));
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].private_key_pem, pair_.private_key_pem) << "the staged one is for the next token";
  EXPECT_EQ(pairs[1].private_key_pem, older_pair_.private_key_pem);
  const auto rules = read([&](Reader& r) { return r.rules(account->id); });
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].filter, "*");
  EXPECT_EQ(rules[0].profile, ProfileUuid(kUsual));
  EXPECT_EQ(rules[0].scope, Rule::Scope::arrivals);
  // Of two versions of the name, the assigner's is current.
  const auto current = read([&](Reader& r) { return r.current_profile(account->id, "Usual"); });
  ASSERT_TRUE(current);
  EXPECT_EQ(current->uuid, ProfileUuid(kUsual));
  EXPECT_EQ(current->version, 2);
  EXPECT_EQ(current->document, R"({"url":"https://b","profile_name":"Usual"})");
  EXPECT_THAT(current->defined_by, HasSubstr("NanoDEP"));
}

TEST_F(ImportAccount, ASecondTimeChangesNothing) {
  ASSERT_EQ(text_of(import()), kEverything);
  const auto revision = read([&](Reader& r) { return r.config_revision(stored()->id); });
  apple_.forget_calls();
  const auto again = import();
  EXPECT_EQ(
      text_of(again),
      "account same\ntoken same\naddress same\nkey pair same\nassigner same\ncursor same\narrivals same\n");
  EXPECT_FALSE(again->applied);
  EXPECT_EQ(read([&](Reader& r) { return r.config_revision(stored()->id); }), revision);
  EXPECT_THAT(apple_.calls(), testing::IsEmpty());
}

TEST_F(ImportAccount, APreviewStoresNothing) {
  EXPECT_EQ(text_of(import(true)), kEverything);
  EXPECT_FALSE(stored());
}

TEST_F(ImportAccount, WhatMusterHasStays) {
  const auto account = *stored(kDefaultAccount);
  const KeyPair own = test::must(apple::make_key_pair("own", kNow, 1));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_key_pair(account.id, own));
    MUSTER_TRY(put_rule(w, account.id, {.filter = "*", .profile = ProfileUuid("BB")}, kNow));
    SyncState state;
    state.changes = Cursor("own");
    state.baseline_done = true;
    return w.put_sync_state(account.id, state);
  });
  given_.profiles.clear();
  EXPECT_EQ(
      text_of(import(false, kDefaultAccount)),
      "account same\ntoken kept\naddress kept\nkey pair kept\nprofile imported\nassigner kept\ncursor kept\n"
      "arrivals kept\n");
  EXPECT_EQ(stored(kDefaultAccount)->token->consumer_key, "CK");
  EXPECT_EQ(read([&](Reader& r) { return r.key_pair(account.id); })->private_key_pem, own.private_key_pem);
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(account.id); }).changes, Cursor("own"));
}

TEST_F(ImportAccount, TheServiceOfAnotherAccountIsRefused) {
  ASSERT_TRUE(import());
  const auto twice = import(false, AccountName("again"));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Code::conflict);
  EXPECT_FALSE(stored(AccountName("again")));
}

TEST_F(ImportAccount, ATokenThatAppleRejectsImportsNothing) {
  apple_.on("GET /account", test::answer_word(403, "ACCESS_DENIED"));
  const auto report = import();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("ACCESS_DENIED"));
  EXPECT_FALSE(stored());
}

TEST_F(ImportAccount, AProfileThatAppleDoesNotKnowIsNotGiven) {
  apple_.on("GET /profile", test::answer_word(404, "NOT_FOUND"));
  given_.profiles.clear();
  const auto report = import();
  EXPECT_THAT(text_of(report), HasSubstr("profile rejected\nassigner rejected\n"));
  EXPECT_TRUE(read([&](Reader& r) { return r.rules(report->account); }).empty());
}

TEST_F(ImportAccount, AKeyThatDoesNotFitIsSaidWithoutIt) {
  given_.key_pairs = {{pair_.certificate_pem, older_pair_.private_key_pem}};
  const auto report = import();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::invalid);
  EXPECT_THAT(report.error().text(), HasSubstr("does not belong to the certificate"));
  EXPECT_THAT(report.error().text(), testing::Not(HasSubstr("PRIVATE KEY-")));
}

}  // namespace
}  // namespace muster::sync
