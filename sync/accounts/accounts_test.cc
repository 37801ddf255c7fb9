// Accounts come, change and go while the server runs.
#include "sync/accounts/accounts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

const AccountName kSchool("school");

std::string token(const std::string& key) {
  return fmt::format(
      R"({{"consumer_key":"{}","consumer_secret":"CS","access_token":"AT","access_secret":"AS"}})", key);
}

class Accounts : public test::AccountFixture {
 protected:
  Accounts() { apple_is("SERVICE"); }

  // Whose service every token is of.
  void apple_is(const std::string& server_uuid) {
    apple_.on("GET /account", test::answer_json({{"server_name", "The " + server_uuid},
                                                 {"server_uuid", server_uuid},
                                                 {"org_name", "Org"},
                                                 {"admin_id", "admin@example.com"}}));
  }
  Result<AppliedAccount> apply(const AccountChange& change, const AccountName& name = kSchool) {
    return apply_account(*store_, services_, name, change, {});
  }
  Code refused(const AccountChange& change, const AccountName& name = kSchool) {
    const auto applied = apply(change, name);
    return applied ? Code::internal : applied.error().code;
  }
  std::optional<Account> stored(const AccountName& name = kSchool) {
    return read([&](Reader& r) { return r.account(name); });
  }

  Services services_{*store_, apple_, clock_, ""};
};

TEST_F(Accounts, AnAccountThatIsNotThereIsMade) {
  const auto applied = apply({});
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_TRUE(applied->created);
  EXPECT_EQ(applied->account.name, kSchool);
  EXPECT_FALSE(applied->account.token);
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(Accounts, WhatIsLeftOutStaysAsItIs) {
  ASSERT_TRUE(apply({.token_json = token("CK2"), .base_url = "https://mdm.example.org", .paused = true}));
  const auto before = stored();
  const auto applied = apply({});
  ASSERT_TRUE(applied);
  EXPECT_FALSE(applied->created);
  EXPECT_EQ(applied->account.token, before->token);
  EXPECT_EQ(applied->account.base_url, "https://mdm.example.org");
  EXPECT_TRUE(applied->account.paused);
}

TEST_F(Accounts, ReplacementsInheritOnlyOnRequest) {
  ASSERT_TRUE(apply({}));
  EXPECT_FALSE(stored()->inherit_replacements);
  EXPECT_TRUE(apply({.inherit_replacements = true})->account.inherit_replacements);
  EXPECT_TRUE(apply({.paused = true})->account.inherit_replacements) << "left out, it stays";
  EXPECT_FALSE(apply({.inherit_replacements = false})->account.inherit_replacements);
}

TEST_F(Accounts, ATokenIsTriedWithAppleBeforeAnythingIsStored) {
  const auto applied = apply({.token_json = token("CK2")});
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->account.token->consumer_key, "CK2");
  ASSERT_TRUE(applied->account.apple);
  EXPECT_EQ(applied->account.apple->server_uuid, "SERVICE");
  EXPECT_EQ(apple_.calls("GET /account").size(), 1u);
}

TEST_F(Accounts, ATokenThatAppleRefusesMakesNoAccount) {
  apple_.on("GET /account", test::answer_word(403, "ACCESS_DENIED"));
  const auto applied = apply({.token_json = token("CK2")});
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().remote.word, "ACCESS_DENIED");
  EXPECT_FALSE(stored());
}

TEST_F(Accounts, ATokenThatAppleRefusesChangesNothingElseEither) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  apple_.on("GET /account", test::answer_lost());
  EXPECT_FALSE(apply({.token_json = token("CK3"), .paused = true}));
  EXPECT_EQ(stored()->token->consumer_key, "CK2");
  EXPECT_FALSE(stored()->paused);
}

TEST_F(Accounts, ThePresentTokenIsTriedAtANewAddress) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  apple_.forget_calls();
  ASSERT_TRUE(apply({.base_url = "https://elsewhere.example.org/"}));
  EXPECT_EQ(apple_.calls("GET /account").size(), 1u);
  EXPECT_EQ(stored()->base_url, "https://elsewhere.example.org") << "without the slash at its end";
  ASSERT_TRUE(apply({.base_url = ""}));
  EXPECT_EQ(stored()->base_url, "");
}

TEST_F(Accounts, WhatCannotBeIsRefused) {
  EXPECT_EQ(refused({}, AccountName("")), Code::invalid);
  EXPECT_EQ(refused({}, AccountName("a/b")), Code::invalid);
  EXPECT_EQ(refused({.base_url = "ftp://example.org"}), Code::invalid);
  EXPECT_EQ(refused({.token_json = "{}"}), Code::invalid);
  EXPECT_EQ(refused({.p7m = "MIME", .token_json = token("CK2")}), Code::invalid);
  EXPECT_EQ(refused({.p7m = "MIME"}), Code::conflict) << "there is no key pair that it could be for";
  EXPECT_FALSE(stored());
}

TEST_F(Accounts, AServiceCanBeInOneAccountOnly) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  EXPECT_EQ(refused({.token_json = token("CK3")}, AccountName("second")), Code::conflict);
  EXPECT_EQ(refused({.token_json = token("CK2")}, AccountName("second")), Code::conflict);
  EXPECT_FALSE(stored(AccountName("second")));
  apple_is("ANOTHER");
  EXPECT_TRUE(apply({.token_json = token("CK3")}, AccountName("second")));
}

TEST_F(Accounts, AnotherServicesTokenMustBeMeant) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  SyncState read_already;
  read_already.changes = Cursor("of the first service");
  const AccountId id = stored()->id;
  write([&](Writer& w) { return w.put_sync_state(id, read_already); });
  apple_is("ANOTHER");
  EXPECT_EQ(refused({.token_json = token("CK3")}), Code::conflict);
  EXPECT_EQ(stored()->token->consumer_key, "CK2");
  ASSERT_TRUE(apply({.token_json = token("CK3"), .force = true}));
  EXPECT_EQ(stored()->token->consumer_key, "CK3");
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(id); }), SyncState{}) << "its list begins anew";
}

TEST_F(Accounts, ANewTokenOfTheSameServiceKeepsTheListAndEndsTroubles) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  const AccountId id = stored()->id;
  SyncState read_already;
  read_already.changes = Cursor("of the service");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_sync_state(id, read_already));
    LaneTrouble rejected;
    rejected.state = Health::State::rejected;
    MUSTER_TRY(w.put_lane_trouble(id, Lane::changes, rejected));
    Health held_back;
    held_back.not_before = clock_.now() + 1h;
    return w.put_health(id, held_back);
  });
  ASSERT_TRUE(apply({.token_json = token("CK3")}));
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(id); }), read_already);
  EXPECT_TRUE(read([&](Reader& r) { return r.lane_troubles(id); }).empty());
  EXPECT_FALSE(read([&](Reader& r) { return r.health(id); }).not_before);
}

TEST_F(Accounts, AChangeForAnotherRevisionIsRefusedBeforeAppleIsAsked) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  const auto revision = apply({.paused = true})->revision;
  apple_.forget_calls();
  EXPECT_EQ(refused({.token_json = token("CK3"), .revision = revision - 1}), Code::conflict);
  EXPECT_THAT(apple_.calls(), IsEmpty());
  const auto applied = apply({.paused = false, .revision = revision});
  ASSERT_TRUE(applied);
  EXPECT_GT(applied->revision, revision);
}

TEST_F(Accounts, ARemovedAccountIsGoneAtOnceAndItsNameIsFree) {
  ASSERT_TRUE(apply({.token_json = token("CK2")}));
  const auto id = remove_account(*store_, services_, kSchool);
  ASSERT_TRUE(id);
  EXPECT_FALSE(stored());
  const auto again = apply({.token_json = token("CK2")});
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(again->created);
  EXPECT_NE(again->account.id, *id) << "ids are never used again";
}

TEST_F(Accounts, TheDefaultOneAndOneThatIsNotThereCannotBeRemoved) {
  const auto of_default = remove_account(*store_, services_, kDefaultAccount);
  ASSERT_FALSE(of_default);
  EXPECT_EQ(of_default.error().code, Code::conflict);
  EXPECT_TRUE(stored(kDefaultAccount));
  const auto of_nobody = remove_account(*store_, services_, kSchool);
  ASSERT_FALSE(of_nobody);
  EXPECT_EQ(of_nobody.error().code, Code::not_found);
}

TEST_F(Accounts, WhatIsLeftOfARemovedOneIsErasedAndNothingOfAnyOther) {
  const AccountId school = apply({})->account.id;
  for (int i = 0; i < 3; ++i) {
    Device device;
    device.account = school;
    device.serial = Serial("S" + std::to_string(i));
    write([&](Writer& w) { return w.insert_device(device); });
  }
  add_device("MINE");
  ASSERT_TRUE(remove_account(*store_, services_, kSchool));
  ASSERT_TRUE(erase_account(*store_, school, {}));
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(school, 10); }), IsEmpty());
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), IsEmpty());
  EXPECT_TRUE(is_known("MINE"));
  EXPECT_TRUE(erase_account(*store_, school, {})) << "once more";
}

TEST_F(Accounts, AnErasureThatIsStoppedGoesOnLater) {
  const AccountId school = apply({})->account.id;
  Device device;
  device.account = school;
  device.serial = Serial("S");
  write([&](Writer& w) { return w.insert_device(device); });
  ASSERT_TRUE(remove_account(*store_, services_, kSchool));
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = erase_account(*store_, school, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::cancelled);
  EXPECT_EQ(read([&](Reader& r) { return r.devices_to_erase(school, 10); }).size(), 1u);
  EXPECT_TRUE(erase_account(*store_, school, {}));
}

TEST_F(Accounts, AnAccountThatIsThereIsNotErased) {
  add_device("MINE");
  ASSERT_TRUE(erase_account(*store_, account_.id, {}));
  EXPECT_TRUE(is_known("MINE"));
  EXPECT_TRUE(stored(kDefaultAccount));
}

}  // namespace
}  // namespace muster::sync
