// What the PostgreSQL store does when the server under it changes: it fails over, or stops working while the
// store is open.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <utility>

#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "store/postgres/open.h"
#include "tests/support/eventually.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/postgres_parts.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

AccountId make_account(Store& store) {
  const auto id = store.write(installation, [](Writer& w) { return w.create_account(AccountName("a")); });
  EXPECT_TRUE(id) << id.error().text();
  return id.value_or(AccountId{});
}

Result<> add_event(Store& store, AccountId account, int& runs) {
  return store.write(account, [&](Writer& w) -> Result<> {
    ++runs;
    return w.add_event({.id = {}, .account = account, .created_at = {}, .body = "{}"});
  });
}

long long events(Store& store) {
  return store.read([](Reader& r) { return r.event_count(); }).value_or(-1);
}

// Called once, at the next commit.
std::function<void()> before_commit;

TEST(PostgresFailover, AWriteThatThePrimaryTookWithItIsMadeAgain) {
  log::set_level(log::Level::error);
  PostgresPair pair;
  const auto opened = postgres::open({.url = pair.url(), .keyring = test_keyring()});
  ASSERT_TRUE(opened) << opened.error().text();
  Store& store = **opened;
  const auto account = make_account(store);
  before_commit = [&] {
    pair.kill_primary();
    pair.promote();
    // The new primary gives the number of the lost transaction to others, and these are committed.
    PostgresCluster::query(
        pair.url(),
        "DO $$ BEGIN FOR i IN 1..1000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$");
  };
  kill_hook = [](const char* point) {
    if (std::string_view(point) == "commit.before" && before_commit) std::exchange(before_commit, nullptr)();
  };
  int runs = 0;
  const auto done = add_event(store, account, runs);
  kill_hook = nullptr;
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(events(store), 1);
}

// The texts that devices have in common were stored in passing, and the server that had them was killed.
TEST(PostgresFailover, WhatAnEarlierServerKnewIsNotUsed) {
  log::set_level(log::Level::error);
  const auto url = PostgresCluster::shared().new_database();
  const auto opened = postgres::open({.url = url, .keyring = test_keyring()});
  ASSERT_TRUE(opened) << opened.error().text();
  Store& store = **opened;
  const auto account = make_account(store);
  const auto add_device = [&] {
    return store.write(account, [&](Writer& w) {
      Device device;
      device.account = account;
      device.serial = Serial("C02ABCDEFGH1");
      device.facts.profile_status = "empty";
      return w.insert_device(device);
    });
  };
  ASSERT_TRUE(add_device());
  PostgresCluster::administer(url,
                              "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = "
                              "'muster' AND datname = current_database()");
  PostgresCluster::administer(url, "TRUNCATE kind, profile_state, device CASCADE");
  ASSERT_TRUE(add_device());
  EXPECT_EQ(PostgresCluster::query(url,
                                   "SELECT count(*) FROM device d JOIN kind ON kind.id = d.kind "
                                   "JOIN profile_state ON profile_state.id = d.profile"),
            "1\n");
}

// While the store is open, somebody takes from it what it needs, and gives it back.
struct Trouble {
  const char* name;
  const char* begin;  // SQL of the superuser
  const char* end;
  const char* message;
  const char* remedy;
  bool is_inside = false;  // the SQL is run in the database, not in another one
};
constexpr Trouble kTroubles[] = {
    {"TheServerBecomesReadOnly", "ALTER DATABASE {db} SET default_transaction_read_only = on",
     "ALTER DATABASE {db} RESET default_transaction_read_only", "read-only transaction",
     "target_session_attrs=read-write"},
    {"NoConnectionsAreLeft", "ALTER DATABASE {db} CONNECTION LIMIT 0",
     "ALTER DATABASE {db} CONNECTION LIMIT -1", "too many connections", "Raise max_connections"},
    {"TheDatabaseIsClosed", "ALTER DATABASE {db} ALLOW_CONNECTIONS false",
     "ALTER DATABASE {db} ALLOW_CONNECTIONS true", "not currently accepting connections",
     "Check the database server"},
    {"TheDatabaseIsRenamed", "ALTER DATABASE {db} RENAME TO {db}_away",
     "ALTER DATABASE {db}_away RENAME TO {db}", "does not exist", "createdb"},
    {"TheRoleMayNotLogIn", "ALTER ROLE {role} NOLOGIN", "ALTER ROLE {role} LOGIN",
     "is not permitted to log in", "Check the user name"},
    {"ThePasswordIsChanged", "ALTER ROLE {role} PASSWORD 'new'", "ALTER ROLE {role} PASSWORD 'secret'",
     "password authentication failed", "Check the password"},
    {"APrivilegeIsRevoked", "ALTER TABLE event OWNER TO postgres", "ALTER TABLE event OWNER TO {role}",
     "permission denied for table event", "Grant the role", true},
};

class PostgresAtRunTime : public testing::TestWithParam<Trouble> {
 protected:
  PostgresAtRunTime() {
    log::set_level(log::Level::error);
    say("CREATE ROLE {role} LOGIN PASSWORD 'secret' IN ROLE guarded");
    say("ALTER DATABASE {db} OWNER TO {role}");
  }
  void say(const char* sql, bool inside = false) {
    PostgresCluster::administer(
        inside ? url_ : elsewhere_,
        fmt::format(fmt::runtime(sql), fmt::arg("db", name_), fmt::arg("role", role_)));
  }
  void end_connections() {
    PostgresCluster::administer(elsewhere_,
                                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                                "WHERE usename = '" +
                                    role_ + "'");
  }

  const std::string url_ = PostgresCluster::shared().new_database(),
                    elsewhere_ = PostgresCluster::shared().new_database();
  const std::string name_ = url_.substr(url_.find("@/") + 2, url_.find('?') - url_.find("@/") - 2),
                    role_ = name_ + "_owner";
};

TEST_P(PostgresAtRunTime, SaysWhatIsWrongAndGoesOnAfterwards) {
  const auto& trouble = GetParam();
  const auto opened =
      postgres::open({.url = PostgresCluster::as_role(url_, role_ + ":secret"), .keyring = test_keyring()});
  ASSERT_TRUE(opened) << opened.error().text();
  Store& store = **opened;
  const auto account = make_account(store);
  int runs = 0;

  end_connections();  // a database in use cannot be renamed
  say(trouble.begin, trouble.is_inside);
  end_connections();  // those at rest would work on
  const auto failed = add_event(store, account, runs);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::storage);
  EXPECT_THAT(failed.error().text(), AllOf(HasSubstr(trouble.message), HasSubstr(trouble.remedy)));
  EXPECT_TRUE(store.trouble());

  say(trouble.end, trouble.is_inside);
  EXPECT_TRUE(eventually([&] { return add_event(store, account, runs).has_value(); }));
  EXPECT_FALSE(store.trouble());
  EXPECT_EQ(events(store), 1);
}

INSTANTIATE_TEST_SUITE_P(All, PostgresAtRunTime, testing::ValuesIn(kTroubles),
                         [](const auto& trouble) { return std::string(trouble.param.name); });

}  // namespace
}  // namespace muster::test
