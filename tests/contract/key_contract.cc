// What a store promises of the keys of the API.
#include <gmock/gmock.h>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

ApiKey key_named(const std::string& name) {
  return {.name = name,
          .id = KeyId("id-of-" + name),
          .digest = "digest of " + name,
          .role = Role::read,
          .accounts = {},
          .created_at = kNow,
          .created_by = "ann",
          .expires_at = {},
          .last_use = {}};
}

ApiKey key_for(const std::string& name, std::vector<AccountName> accounts) {
  ApiKey key = key_named(name);
  key.is_for_all_accounts = false;
  key.accounts = std::move(accounts);
  return key;
}

}  // namespace

TEST_P(StoreContract, AKeyIsFoundByItsIdAndName) {
  make_account("lab");
  make_account("school");
  ApiKey for_some = key_for("some", {AccountName("lab"), AccountName("school")});
  for_some.role = Role::admin;
  for_some.expires_at = kNow + 1h;
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_api_key(for_some));
    return w.put_api_key(key_named("all"));
  });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.api_key(for_some.id); }), for_some);
  EXPECT_EQ(read([&](Reader& r) { return r.api_key_named("some"); }), for_some);
  EXPECT_EQ(read([&](Reader& r) { return r.api_key(KeyId("other")); }), std::nullopt);
  EXPECT_EQ(read([&](Reader& r) { return r.api_key_named("other"); }), std::nullopt);
  EXPECT_THAT(read([](Reader& r) { return r.api_keys(); }), ElementsAre(key_named("all"), for_some));
}

TEST_P(StoreContract, AKeyTakesThePlaceOfTheOneOfItsName) {
  make_account("lab");
  write([&](Writer& w) { return w.put_api_key(key_for("ci", {AccountName("lab")})); });
  write([&](Writer& w) { return w.put_key_use(KeyId("id-of-ci"), {kNow, "192.0.2.1"}); });
  ApiKey changed = key_named("ci");
  changed.id = KeyId("new");
  changed.role = Role::operate;
  write([&](Writer& w) { return w.put_api_key(changed); });
  changed.last_use = KeyUse{kNow, "192.0.2.1"};
  EXPECT_THAT(read([](Reader& r) { return r.api_keys(); }), ElementsAre(changed));
  EXPECT_EQ(read([](Reader& r) { return r.api_key(KeyId("id-of-ci")); }), std::nullopt);
}

TEST_P(StoreContract, AKeyIsForAccountsThatAreThere) {
  const auto done = store().write(
      installation, [&](Writer& w) { return w.put_api_key(key_for("ci", {AccountName("none")})); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::not_found);
  EXPECT_THAT(read([](Reader& r) { return r.api_keys(); }), IsEmpty());
}

// Else the key would be for an account that is created later, or even for all.
TEST_P(StoreContract, AKeyDoesNotOutgrowItsAccounts) {
  const auto lab = make_account("lab");
  write([&](Writer& w) { return w.put_api_key(key_for("ci", {AccountName("lab")})); });
  write([&](Writer& w) { return w.remove_account(lab); });
  make_account("lab");
  EXPECT_THAT(read([](Reader& r) { return r.api_keys(); }), ElementsAre(key_for("ci", {})));
  EXPECT_FALSE(key_for("ci", {}).sees(AccountName("lab")));
  write([&](Writer& w) { return w.erase_account(lab).map([](bool) {}); });
}

TEST_P(StoreContract, AKeyIsRemovedOnce) {
  make_account("lab");
  write([&](Writer& w) { return w.put_api_key(key_for("ci", {AccountName("lab")})); });
  const auto remove = [](Writer& w) -> Result<> {
    MUSTER_TRY(const bool removed, w.remove_api_key("ci"));
    EXPECT_TRUE(removed);
    MUSTER_TRY(const bool again, w.remove_api_key("ci"));
    EXPECT_FALSE(again);
    return {};
  };
  write(remove);
  EXPECT_THAT(read([](Reader& r) { return r.api_keys(); }), IsEmpty());
}

TEST_P(StoreContract, SessionsEndForGoodUntilTheirTimeIsOver) {
  const auto has_ended = [&](const char* session) {
    return read([&](Reader& r) { return r.has_ended(session); });
  };
  write([](Writer& w) -> Result<> {
    MUSTER_TRY(w.end_session("first", kNow + 1h, kNow));
    MUSTER_TRY(w.end_session("first", kNow + 1h, kNow));  // by two requests at once
    return w.end_session("second", kNow + 2h, kNow);
  });
  reopen();
  EXPECT_TRUE(has_ended("first"));
  EXPECT_TRUE(has_ended("second"));
  EXPECT_FALSE(has_ended("third"));
  write([](Writer& w) { return w.end_session("third", kNow + 3h, kNow + 1h); });
  EXPECT_FALSE(has_ended("first")) << "it is refused for its time";
  EXPECT_TRUE(has_ended("second"));
}

TEST_P(StoreContract, ChangesOfKeysAreTold) {
  const auto lab = make_account("lab");
  auto before = store().key_revision();
  const auto expect_told = [&](bool told, const char* what) {
    EXPECT_EQ(store().key_revision() > before, told) << what;
    before = store().key_revision();
  };
  write([&](Writer& w) { return w.put_api_key(key_for("ci", {AccountName("lab")})); });
  expect_told(true, "a new key");
  write([&](Writer& w) { return w.put_key_use(KeyId("id-of-ci"), {kNow, "192.0.2.1"}); });
  expect_told(false, "a use");
  write([&](Writer& w) { return w.put_paused(lab, true); });
  expect_told(false, "something else");
  write([&](Writer& w) { return w.remove_account(lab); });
  expect_told(true, "an account that is gone");
  write([](Writer& w) { return w.end_session("digest", kNow + 1h, kNow); });
  expect_told(true, "somebody who signed out");
  write([&](Writer& w) { return w.remove_api_key("ci").map([](bool) {}); });
  expect_told(true, "a key that is gone");
}

}  // namespace muster::test
