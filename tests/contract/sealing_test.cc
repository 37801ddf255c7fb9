// Secrets are sealed in both backends (store/sealing.h): what is in the database, which keys a server needs,
// how keys are exchanged.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <set>
#include <stop_token>

#include "base/os/kill_point.h"
#include "base/threads/wanted.h"
#include "store/postgres/open.h"
#include "store/sealing.h"
#include "store/sqlite/open.h"
#include "tests/contract/earlier_schema.h"
#include "tests/contract/in_a_file.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kOld(64, 'a'), kNew(64, 'b'), kOther(64, 'c');
const std::vector<std::string> kColumns = {"consumer_secret", "access_token", "access_secret", "private_key"};

std::string number(const std::string& key) { return keyring_of({key}).numbers(); }

std::string in_sqlite(const std::string& directory, const std::string& sql) {
  std::string text;
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open((directory + "/muster.db").c_str(), &database), SQLITE_OK);
  const auto keep = [](void* all, int, char** columns, char**) {
    *static_cast<std::string*>(all) += std::string(columns[0] ? columns[0] : "") + "\n";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), keep, &text, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
  return text;
}

struct SealedBackend {
  const char* name;
  Result<std::unique_ptr<Store>> (*open)(const std::string& directory, Keyring keyring);
  /// The first column of all rows, a line each.
  std::string (*query)(const std::string& directory, const std::string& sql);
  const char *back_to_2, *back_to_1;  ///< earlier_schema.h

  friend void PrintTo(const SealedBackend& backend, std::ostream* out) { *out << backend.name; }
};

class Sealed : public testing::TestWithParam<SealedBackend> {
 protected:
  void TearDown() override { kill_hook = nullptr; }

  std::unique_ptr<Store> open(const std::vector<std::string>& keys) {
    auto opened = GetParam().open(directory_.path(), keyring_of(keys));
    if (!opened) throw std::runtime_error(opened.error().text());
    return *std::move(opened);
  }
  Error why_not(const std::vector<std::string>& keys) {
    const auto opened = GetParam().open(directory_.path(), keyring_of(keys));
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
  std::string query(const std::string& sql) { return GetParam().query(directory_.path(), sql); }

  static Token token(const std::string& name) { return {"CK", "CS-" + name, "AT-" + name, "AS-" + name, {}}; }
  static AccountId make(Store& store, const std::string& name) {
    const auto made = store.write(installation, [&](Writer& w) -> Result<AccountId> {
      MUSTER_TRY(const auto id, w.create_account(AccountName(name)));
      MUSTER_TRY(w.put_token(id, token(name)));
      MUSTER_TRY(w.put_key_pair(id, {"CERT", "KEY-" + name}));
      return id;
    });
    if (!made) throw std::runtime_error(made.error().text());
    return *made;
  }
  static void expect_whole(Store& store, const std::string& name) {
    const auto account = store.read([&](Reader& r) { return r.account(AccountName(name)); });
    ASSERT_TRUE(account && *account) << name;
    EXPECT_EQ((*account)->token, token(name).info());
    const auto found = store.read([&](Reader& r) { return r.token((*account)->id); });
    ASSERT_TRUE(found) << name << ": " << found.error().text();
    EXPECT_EQ(*found, token(name));
    const auto pair = store.read([&](Reader& r) { return r.key_pair((*account)->id); });
    ASSERT_TRUE(pair && *pair) << name;
    EXPECT_EQ((*pair)->private_key_pem, "KEY-" + name);
  }
  std::vector<std::string> numbers_in_database() {
    std::set<std::string> found;
    for (const auto& column : kColumns) {
      std::istringstream lines(query("SELECT " + column + " FROM account WHERE " + column + " IS NOT NULL"));
      for (std::string line; std::getline(lines, line);) found.emplace(key_number_of(line));
    }
    return {found.begin(), found.end()};
  }
  // As an earlier version would have left it.
  void unseal(const std::string& name) {
    query(fmt::format(
        "UPDATE account SET consumer_secret = 'CS-{0}', access_token = 'AT-{0}', access_secret = 'AS-{0}', "
        "private_key = 'KEY-{0}' WHERE name = '{0}'",
        name));
  }
  void make_version_2() { query(GetParam().back_to_2); }
  void make_version_1() {
    make_version_2();
    query(GetParam().back_to_1);
  }

  const TempDir directory_;
};

TEST_P(Sealed, NothingIsStoredInPlain) {
  const auto store = open({kOld});
  make(*store, "school");
  for (const auto& column : kColumns)
    EXPECT_THAT(query("SELECT " + column + " FROM account"), StartsWith("sealed1:" + number(kOld) + ":"))
        << column;
  EXPECT_EQ(query("SELECT consumer_key FROM account"), "CK\n") << "no secret: it tells tokens apart";
  expect_whole(*store, "school");
}

TEST_P(Sealed, AMissingKeyIsNamedAndNothingIsChanged) {
  open({kOld});  // that is enough: nothing was stored
  const auto empty = why_not({kNew});
  EXPECT_EQ(empty.code, Code::not_configured);
  EXPECT_THAT(empty.text(), AllOf(HasSubstr("master key " + number(kOld)), HasSubstr("given " + number(kNew)),
                                  HasSubstr("-master-key-file")));
  make(*open({kOld}), "school");
  EXPECT_THAT(why_not({kNew, kOther}).text(), HasSubstr("master key " + number(kOld)));
  EXPECT_THAT(numbers_in_database(), ElementsAre(number(kOld)));
  expect_whole(*open({kOld}), "school");
}

TEST_P(Sealed, AllKeysThatAreMissingAreNamed) {
  make(*open({kOld}), "old");
  make(*open({kNew, kOld}), "new");
  EXPECT_THAT(why_not({kOther}).text(), AllOf(HasSubstr(number(kOld)), HasSubstr(number(kNew))));
  EXPECT_THAT(why_not({kOld}).text(),
              AllOf(HasSubstr("master key " + number(kNew)), HasSubstr("given " + number(kOld))));
}

TEST_P(Sealed, TheFirstKeySealsAndAllOpen) {
  make(*open({kOld}), "old");
  const auto store = open({kNew, kOld});
  make(*store, "new");
  expect_whole(*store, "old");
  expect_whole(*store, "new");
  EXPECT_THAT(query("SELECT access_token FROM account WHERE name = 'new'"), HasSubstr(number(kNew)));
  const auto uses = Sealing::uses(*store);
  ASSERT_TRUE(uses);
  ASSERT_EQ(uses->size(), 2U);
  EXPECT_EQ((*uses)[0].number, number(kNew));
  EXPECT_TRUE((*uses)[0].seals);
  EXPECT_EQ((*uses)[0].secrets, 4);
  EXPECT_EQ((*uses)[1].secrets, 4);
  EXPECT_FALSE((*uses)[1].is_removable());
}

TEST_P(Sealed, AreAllUnderTheFirstKeyAfterARotation) {
  constexpr int kAccounts = 250;  // some batches
  {
    const auto store = open({kOld});
    for (int i = 0; i < kAccounts; ++i) make(*store, fmt::format("a{}", i));
    ASSERT_TRUE(
        store->write(installation, [](Writer& w) { return w.create_account(AccountName("without")); }));
  }
  {
    auto store = open({kNew, kOld});
    const auto rotation = Sealing::rotate(*store);
    ASSERT_TRUE(rotation) << rotation.error().text();
    EXPECT_EQ(rotation->resealed, 4 * kAccounts);
    ASSERT_EQ(rotation->uses.size(), 2U);
    EXPECT_EQ(rotation->uses[0].secrets, 4 * kAccounts);
    EXPECT_TRUE(rotation->uses[1].is_removable());
    EXPECT_EQ(Sealing::rotate(*store)->resealed, 0);
    EXPECT_THAT(numbers_in_database(), ElementsAre(number(kNew)));
  }
  auto store = open({kNew});
  for (int i = 0; i < kAccounts; ++i) expect_whole(*store, fmt::format("a{}", i));
  store.reset();
  EXPECT_THAT(why_not({kOld}).text(), HasSubstr("master key " + number(kNew)));
}

TEST_P(Sealed, CodesOfLockedDevicesAreSealedEachForItsDevice) {
  const auto code_in_database = [&](const char* serial) {
    return query(fmt::format("SELECT code FROM device_lock WHERE serial = '{}'", serial));
  };
  AccountId account{};
  {
    const auto store = open({kOld});
    account = make(*store, "school");
    ASSERT_TRUE(store->write(account, [&](Writer& w) -> Result<> {
      for (const char* serial : {"A", "B"})
        MUSTER_TRY(w.put_device_lock({.account = account, .serial = Serial(serial), .code = "CODE"}));
      return {};
    }));
    EXPECT_THAT(code_in_database("A"), StartsWith("sealed1:" + number(kOld) + ":"));
  }
  {
    const auto store = open({kNew, kOld});
    const auto rotation = Sealing::rotate(*store);
    ASSERT_TRUE(rotation) << rotation.error().text();
    EXPECT_EQ(rotation->resealed, 4 + 2);
    EXPECT_TRUE(rotation->uses[1].is_removable());
  }
  {
    const auto store = open({kNew});
    EXPECT_THAT(code_in_database("A"), StartsWith("sealed1:" + number(kNew) + ":"));
    EXPECT_EQ((*store->read([&](Reader& r) { return r.device_lock(account, Serial("B")); }))->code, "CODE");
    query(
        "UPDATE device_lock SET code = (SELECT code FROM device_lock WHERE serial = 'A') WHERE serial = 'B'");
    EXPECT_FALSE(store->read([&](Reader& r) { return r.device_lock(account, Serial("B")); }));
  }
  EXPECT_THAT(why_not({kNew}).text(), AllOf(HasSubstr("device_lock/1/B"), HasSubstr("another place")));
}

TEST_P(Sealed, TheSecretsOfTheEnrollmentWebhookAreSealed) {
  const auto in_database = [&](const char* column) {
    return query(fmt::format("SELECT {} FROM enrollment_webhook", column));
  };
  {
    const auto store = open({kOld});
    ASSERT_TRUE(store->write(installation, [&](Writer& w) {
      return w.put_enrollment_webhook({.secret = "new secret", .old_secret = "old secret"});
    }));
    EXPECT_THAT(in_database("secret"), StartsWith("sealed1:" + number(kOld) + ":"));
    EXPECT_THAT(in_database("old_secret"), StartsWith("sealed1:" + number(kOld) + ":"));
  }
  {
    const auto store = open({kNew, kOld});
    const auto rotation = Sealing::rotate(*store);
    ASSERT_TRUE(rotation) << rotation.error().text();
    EXPECT_EQ(rotation->resealed, 2);
    EXPECT_TRUE(rotation->uses[1].is_removable());
  }
  const auto store = open({kNew});
  const auto webhook = store->read([](Reader& r) { return r.enrollment_webhook(); });
  ASSERT_TRUE(webhook && *webhook);
  EXPECT_EQ((*webhook)->secret, "new secret");
  EXPECT_EQ((*webhook)->old_secret, "old secret");
}

// Its batches are kept, and the next one does the rest.
TEST_P(Sealed, ARotationGoesOnWhereItWasInterrupted) {
  constexpr int kAccounts = 250;
  {
    const auto store = open({kOld});
    for (int i = 0; i < kAccounts; ++i) make(*store, fmt::format("a{}", i));
  }
  const auto store = open({kNew, kOld});
  static std::stop_source* stop = nullptr;
  std::stop_source client;
  stop = &client;
  kill_hook = [](const char* point) {
    if (std::string_view(point) == "commit.after") stop->request_stop();
  };
  {
    const Wanted wanted({}, client.get_token());
    const auto interrupted = Sealing::rotate(*store);
    ASSERT_FALSE(interrupted);
    EXPECT_EQ(interrupted.error().code, Code::cancelled);
  }
  kill_hook = nullptr;
  EXPECT_THAT(numbers_in_database(), testing::UnorderedElementsAre(number(kOld), number(kNew)));
  const auto rest = Sealing::rotate(*store);
  ASSERT_TRUE(rest) << rest.error().text();
  EXPECT_EQ(rest->resealed, 4 * (kAccounts - 100));
  EXPECT_THAT(numbers_in_database(), ElementsAre(number(kNew)));
  expect_whole(*store, "a0");
}

TEST_P(Sealed, ASecretOfAnotherPlaceIsNotOpened) {
  {
    const auto store = open({kOld});
    const auto mine = make(*store, "mine");
    make(*store, "theirs");
    query(
        "UPDATE account SET access_secret = (SELECT access_secret FROM account WHERE name = 'theirs') "
        "WHERE name = 'mine'");
    const auto token = store->read([&](Reader& r) { return r.token(mine); });
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code, Code::internal);
    expect_whole(*store, "theirs");
  }
  EXPECT_THAT(why_not({kOld}).text(),
              AllOf(HasSubstr("account/1/access_secret"), HasSubstr("another place")));
}

TEST_P(Sealed, WhatAnEarlierVersionStoredIsSealed) {
  {
    const auto store = open({kOld});
    make(*store, "a");
    make(*store, "b");
  }
  unseal("a");
  unseal("b");
  make_version_1();
  const auto store = open({kNew});
  EXPECT_THAT(numbers_in_database(), ElementsAre(number(kNew)));
  EXPECT_EQ(query("SELECT overwritten FROM sealing"), "1\n");
  expect_whole(*store, "a");
  expect_whole(*store, "b");
}

TEST_P(Sealed, WhatAnEarlierVersionSealedStays) {
  make(*open({kOld}), "a");
  make_version_2();
  const auto store = open({kOld});
  expect_whole(*store, "a");
  EXPECT_TRUE(store->read([](Reader& r) { return r.api_keys(); }));
}

// Nothing of it is there twice: the next start does what is left.
TEST_P(Sealed, SealingThatFailsAtAnyStepGoesOnAtTheNextStart) {
  open({kOld});
  for (const char* const point :
       {"commit.before", "overwrite.before", "overwrite.vacuumed", "overwrite.after"}) {
    const bool is_sqlite_only = std::string_view(point) == "overwrite.vacuumed";
    if (is_sqlite_only && std::string_view(GetParam().name) != "sqlite") continue;
    const std::string name = std::string("before-") + point;
    make(*open({kOld}), name);
    unseal(name);
    static const char* stop_at = nullptr;
    stop_at = point;
    kill_hook = [](const char* passed) {
      if (std::string_view(passed) == stop_at) throw std::runtime_error("the end");
    };
    EXPECT_THROW(open({kOld}), std::runtime_error) << point;
    kill_hook = nullptr;
    const auto store = open({kOld});
    expect_whole(*store, name);
    EXPECT_THAT(numbers_in_database(), ElementsAre(number(kOld))) << point;
    EXPECT_EQ(query("SELECT overwritten FROM sealing"), "1\n") << point;
  }
}

Result<std::unique_ptr<Store>> open_on_postgres(const std::string& directory, Keyring keyring) {
  return postgres::open(
      {.url = PostgresCluster::shared().database(directory), .keyring = std::move(keyring)});
}
std::string in_postgres(const std::string& directory, const std::string& sql) {
  return PostgresCluster::query(PostgresCluster::shared().database(directory), sql);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Sealed,
                         testing::Values(SealedBackend{"sqlite", sqlite::open, in_sqlite, kSqliteBackTo2,
                                                       kSqliteBackTo1}),
                         [](const auto& backend) { return backend.param.name; });
INSTANTIATE_TEST_SUITE_P(Postgres, Sealed,
                         testing::Values(SealedBackend{"postgres", open_on_postgres, in_postgres,
                                                       kPostgresBackTo2, kPostgresBackTo1}),
                         [](const auto& backend) { return backend.param.name; });

// As long as it takes to spread over pages and the gaps in them.
TEST(SealedSqlite, NothingInPlainStaysInAnyFile) {
  const TempDir directory;
  const std::string secret = "IN-PLAIN-";
  { (void)*sqlite::open(directory.path()); }
  in_sqlite(
      directory.path(),
      "PRAGMA secure_delete = OFF; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) "
      "INSERT INTO account (name, consumer_key, consumer_secret, access_token, access_secret, certificate, private_key) "
      "SELECT 'a' || i, 'CK', 'IN-PLAIN-1', 'IN-PLAIN-2', 'IN-PLAIN-3', 'C', 'IN-PLAIN-4' || hex(randomblob(i % 900)) "
      "FROM n; DELETE FROM account WHERE id % 3 = 0; "
      "UPDATE account SET private_key = private_key || 'longer and longer' WHERE id % 5 = 0; "
      "PRAGMA wal_checkpoint(TRUNCATE)");
  for (const char* back : {kSqliteBackTo2, kSqliteBackTo1}) in_sqlite(directory.path(), back);
  ASSERT_TRUE(is_in_a_file(directory, secret));
  const auto store = sqlite::open(directory.path());
  ASSERT_TRUE(store) << store.error().text();
  EXPECT_FALSE(is_in_a_file(directory, secret));
  EXPECT_EQ((*store)->read([](Reader& r) { return r.accounts(); })->size(), 1334U);
}

TEST(SealedSqlite, ADirectoryMakesAKeyOfItsOwnOnce) {
  const TempDir directory;
  { (void)*sqlite::open(directory.path()); }
  const auto path = directory.file("master.key");
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto written = std::filesystem::last_write_time(path);
  { (void)*sqlite::open(directory.path()); }
  EXPECT_EQ(std::filesystem::last_write_time(path), written);
  std::filesystem::rename(path, directory.file("elsewhere"));
  const auto refused = sqlite::open(directory.path());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), AllOf(HasSubstr("sealed with the master key"), HasSubstr("no key")));
  EXPECT_FALSE(std::filesystem::exists(path)) << "another key opens nothing";
  std::filesystem::rename(directory.file("elsewhere"), path);
  EXPECT_TRUE(sqlite::open(directory.path()));
}

TEST(SealedSqlite, AKeyThatIsGivenComesBeforeTheDirectorysOwn) {
  const TempDir directory;
  { (void)*sqlite::open(directory.path()); }
  const auto store = sqlite::open(directory.path(), keyring_of({kNew}));
  ASSERT_TRUE(store) << store.error().text();
  const auto uses = Sealing::uses(**store);
  ASSERT_TRUE(uses);
  ASSERT_EQ(uses->size(), 2U);
  EXPECT_EQ(uses->front().number, number(kNew));
  EXPECT_EQ(uses->back().source, directory.file("master.key"));
}

TEST(SealedSqlite, ADirectoryForWhichAKeyIsGivenHasNoneOfItsOwn) {
  const TempDir directory;
  { (void)*sqlite::open(directory.path(), keyring_of({kNew})); }
  EXPECT_FALSE(std::filesystem::exists(directory.file("master.key")));
}

class SealedPostgres : public testing::Test {
 protected:
  std::unique_ptr<Store> open(const std::vector<std::string>& keys) {
    return *postgres::open({.url = url_, .keyring = keyring_of(keys)});
  }
  std::string why_not(const std::vector<std::string>& keys) {
    const auto opened = postgres::open({.url = url_, .keyring = keyring_of(keys)});
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().text();
  }
  const std::string url_ = PostgresCluster::shared().new_database();
};

TEST_F(SealedPostgres, WithoutAKeyIsNotOpened) {
  EXPECT_THAT(why_not({}), AllOf(HasSubstr("no master key was given"), HasSubstr("openssl rand -hex 32")));
  open({kOld});
  EXPECT_THAT(why_not({}),
              AllOf(HasSubstr("sealed with the master key " + number(kOld)), HasSubstr("no key")));
}

TEST_F(SealedPostgres, ServersWhoseKeysDoNotFitDoNotWorkTogether) {
  const auto first = open({kOld});
  ASSERT_TRUE(first->shared()->join("server-1", "1", std::chrono::hours(1)));
  EXPECT_THAT(why_not({kNew, kOld}),
              AllOf(HasSubstr("server-1"), HasSubstr("does not have the master key " + number(kNew))));
  EXPECT_THAT(why_not({kNew}),
              AllOf(HasSubstr("server-1"), HasSubstr("seals with the master key " + number(kOld))));
  EXPECT_TRUE(open({kOld, kNew})) << "what was refused has changed nothing";
}

TEST_F(SealedPostgres, AKeyIsExchangedWhileAllServersButOneWork) {
  auto first = open({kOld}), second = open({kOld});
  auto one = *first->shared()->join("server-1", "1", std::chrono::hours(1));
  auto two = *second->shared()->join("server-2", "1", std::chrono::hours(1));
  const auto restart = [](auto& store, auto& server, const char* name, auto with) {
    ASSERT_TRUE(store->shared()->leave(server));
    store.reset();
    store = with;
    server = *store->shared()->join(name, "1", std::chrono::hours(1));
  };
  const auto account = first->write(installation, [](Writer& w) -> Result<AccountId> {
    MUSTER_TRY(const auto id, w.create_account(AccountName("school")));
    MUSTER_TRY(w.put_token(id, {"CK", "CS", "AT", "AS", {}}));
    return id;
  });
  ASSERT_TRUE(account);
  const auto opens = [&](Store& store) {
    const auto found = store.read([&](Reader& r) { return r.token(*account); });
    return found && *found && (*found)->access_secret == "AS";
  };
  const auto reopened = [&](const std::vector<std::string>& keys) {
    auto opened = postgres::open({.url = url_, .keyring = keyring_of(keys)});
    if (!opened) throw std::runtime_error(opened.error().text());
    return std::shared_ptr<Store>(*std::move(opened));
  };
  std::shared_ptr<Store> a = std::move(first), b = std::move(second);
  restart(a, one, "server-1", reopened({kOld, kNew}));
  restart(b, two, "server-2", reopened({kOld, kNew}));
  restart(a, one, "server-1", reopened({kNew, kOld}));
  const auto early = Sealing::rotate(*a);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::conflict);
  EXPECT_THAT(early.error().text(), HasSubstr("server-2"));
  restart(b, two, "server-2", reopened({kNew, kOld}));
  const auto rotation = Sealing::rotate(*a);
  ASSERT_TRUE(rotation) << rotation.error().text();
  EXPECT_EQ(rotation->resealed, 3);
  EXPECT_TRUE(opens(*a) && opens(*b));
  restart(a, one, "server-1", reopened({kNew}));
  restart(b, two, "server-2", reopened({kNew}));
  EXPECT_TRUE(opens(*a) && opens(*b));
}

TEST_F(SealedPostgres, AServerOfAnEarlierVersionIsStoppedFirst) {
  open({kOld});
  PostgresCluster::query(
      url_,
      "INSERT INTO server (name, version, started, renewed, alive_until) VALUES ('early', '0', now(), "
      "now(), now() + interval '1 hour')");
  EXPECT_THAT(why_not({kOld}), AllOf(HasSubstr("\"early\" is running"), HasSubstr("Stop all servers")));
}

}  // namespace
}  // namespace muster::test
