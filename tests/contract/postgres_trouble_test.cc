// What the PostgreSQL store does when others write, when connections break, and what it says when it cannot
// work.
#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/threads/wanted.h"
#include "store/postgres/open.h"
#include "store/postgres/schema.h"
#include "tests/support/account_fixture.h"
#include "tests/support/certificate.h"
#include "tests/support/eventually.h"
#include "tests/support/master_keys.h"
#include "tests/support/places.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unix_relay.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

std::function<void(std::string_view)> at_point;

class PostgresTrouble : public testing::Test {
 protected:
  PostgresTrouble() { log::set_level(log::Level::error); }
  ~PostgresTrouble() override { kill_hook = nullptr; }

  std::unique_ptr<Store> open(postgres::Options options = {}) {
    if (options.url.empty()) options.url = url_;
    options.keyring = test_keyring();
    auto opened = postgres::open(options);
    EXPECT_TRUE(opened) << opened.error().text();
    return opened ? *std::move(opened) : nullptr;
  }
  std::string why_not(const std::string& url) {
    const auto opened = postgres::open({.url = url, .keyring = test_keyring()});
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().text();
  }
  AccountId make_account(Store& store, const std::string& name) {
    const auto id = store.write(installation, [&](Writer& w) { return w.create_account(AccountName(name)); });
    EXPECT_TRUE(id) << id.error().text();
    return id.value_or(AccountId{});
  }
  std::string base_url(Store& store, AccountId account) {
    const auto found = store.read([&](Reader& r) { return r.account(account); });
    return found && *found ? (*found)->base_url : "";
  }
  long long events(Store& store) {
    return store.read([](Reader& r) { return r.event_count(); }).value_or(-1);
  }
  static auto add_event(Writer& w, AccountId account) {
    return w.add_event({.id = {}, .account = account, .created_at = {}, .body = "{}"});
  }
  // All connections of the role end, as when the server is stopped.
  void terminate_connections() {
    PostgresCluster::administer(
        url_,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'muster' "
        "AND datname = current_database()");
  }
  // Calls fn once, at the next passing of the point.
  void once_at(const std::string& point, std::function<void()> fn) {
    at_point = [this, point, fn = std::move(fn)](std::string_view passed) {
      if (passed == point && !was_there_.exchange(true)) fn();
    };
    kill_hook = [](const char* passed) { at_point(passed); };
  }

  PostgresCluster& cluster_ = PostgresCluster::shared();
  const std::string url_ = cluster_.new_database();
  std::atomic<bool> was_there_ = false;
};

TEST_F(PostgresTrouble, WritesOfOneAccountWaitForEachOtherAndOthersDoNot) {
  const auto store = open();
  const auto a = make_account(*store, "a"), b = make_account(*store, "b");
  std::promise<void> is_inside, may_end;
  std::atomic<bool> first_ended = false, second_saw_end = false;
  auto first = std::async(std::launch::async, [&] {
    return store->write(a, [&](Writer& w) -> Result<> {
      MUSTER_TRY(w.account(a));  // has the lock
      is_inside.set_value();
      may_end.get_future().wait();
      MUSTER_TRY(w.put_base_url(a, "first"));
      first_ended = true;
      return {};
    });
  });
  is_inside.get_future().wait();
  const auto other = open();  // another server
  auto second = std::async(std::launch::async, [&] {
    return other->write(a, [&](Writer& w) -> Result<> {
      MUSTER_TRY(const auto account, w.account(a));
      second_saw_end = first_ended && account->base_url == "first";
      return w.put_base_url(a, "second");
    });
  });
  EXPECT_TRUE(other->write(b, [&](Writer& w) { return w.put_base_url(b, "b"); }));
  EXPECT_FALSE(first_ended);
  may_end.set_value();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(second_saw_end);
  EXPECT_EQ(base_url(*store, a), "second");
}

TEST_F(PostgresTrouble, AWriteRunsAgainWhenTwoAreInEachOthersWay) {
  const auto store = open();
  const auto a = make_account(*store, "a"), b = make_account(*store, "b");
  std::atomic<int> runs = 0, inside = 0;
  const auto cross = [&](AccountId own, AccountId others) {
    return store->write(own, [&, own, others](Writer& w) -> Result<> {
      ++runs;
      MUSTER_TRY(w.account(own));  // has the lock
      ++inside;
      while (inside < 2) std::this_thread::yield();
      MUSTER_TRY(w.put_base_url(others, "changed"));
      return add_event(w, own);
    });
  };
  auto first = std::async(std::launch::async, [&] { return cross(a, b); });
  const auto second = cross(b, a);
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second);
  EXPECT_GE(runs, 3);
  EXPECT_EQ(events(*store), 2);
}

TEST_F(PostgresTrouble, AWriteRunsAgainWhenTheConnectionBreaks) {
  const auto store = open();
  const auto a = make_account(*store, "a");
  int runs = 0;
  const auto done = store->write(a, [&](Writer& w) -> Result<> {
    MUSTER_TRY(add_event(w, a));
    MUSTER_TRY(w.account(a));
    if (++runs == 1) terminate_connections();
    return add_event(w, a);
  });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(events(*store), 2);
}

TEST_F(PostgresTrouble, AReadFindsAnotherConnectionWhenThoseAtRestAreGone) {
  const auto store = open();
  const auto a = make_account(*store, "a");
  EXPECT_EQ(base_url(*store, a), "");
  terminate_connections();
  const auto account = store->read([&](Reader& r) { return r.account(a); });
  EXPECT_TRUE(account && account->has_value());
}

TEST_F(PostgresTrouble, AConnectionThatBreaksBeforeTheCommitLosesNothing) {
  const auto store = open();
  const auto a = make_account(*store, "a");
  int runs = 0;
  once_at("commit.before", [&] { terminate_connections(); });
  const auto done = store->write(a, [&](Writer& w) -> Result<> {
    ++runs;
    return add_event(w, a);
  });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(events(*store), 1);
}

TEST_F(PostgresTrouble, ACommitWhoseAnswerIsLostIsNotRepeated) {
  const TempDir directory;
  UnixRelay relay(directory.path(), cluster_.socket());
  const auto store = open({.url = url_.substr(0, url_.find("host=")) + "host=" + directory.path()});
  const auto a = make_account(*store, "a");
  int runs = 0;
  once_at("commit.before", [&] { relay.lose_answers(); });
  const auto done = store->write(a, [&](Writer& w) -> Result<> {
    ++runs;
    return add_event(w, a);
  });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_GE(relay.lost(), 1);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(events(*store), 1);
}

TEST_F(PostgresTrouble, NoWriteIsLostOrMadeTwiceWhileConnectionsBreak) {
  const auto store = open();
  const auto a = make_account(*store, "a"), b = make_account(*store, "b");
  std::atomic<long long> kept = 0;
  std::atomic<bool> done = false;
  const auto write_on = [&](AccountId account) {
    while (!done)
      if (store->write(account, [&](Writer& w) -> Result<> {
            MUSTER_TRY(add_event(w, account));
            MUSTER_TRY(w.account(account));
            return {};
          }))
        ++kept;
  };
  std::thread first(write_on, a), second(write_on, b);
  for (int i = 1; i <= 10; ++i) {
    const auto before = kept.load();
    while (kept < before + 20) std::this_thread::yield();
    terminate_connections();
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(events(*store), kept);
}

// Serials of a first list are not looked for, as nobody else can have stored them. Somebody has, here.
TEST_F(PostgresTrouble, ASerialThatIsBelievedToBeNewIsLookedForWhenItIsNot) {
  const auto store = open(), other = open();
  const auto id = make_account(*store, "school");
  const auto account = *must(store->read([&](Reader& r) { return r.account(id); }));
  constexpr int kDevices = 200;
  const auto store_list = [&](Store& of, const std::string& prefix) {
    return of.write(WriteScope::of_run(account), [&](Writer& w) -> Result<size_t> {
      std::vector<Serial> serials;
      for (int i = 0; i < kDevices; ++i) serials.emplace_back(prefix + std::to_string(i));
      MUSTER_TRY(const auto found, w.devices(id, serials));
      if (!found.empty()) return found.size();
      for (const auto& serial : serials) {
        Device device;
        device.account = id;
        device.serial = serial;
        MUSTER_TRY(w.insert_device(device));
      }
      return size_t{0};
    });
  };
  EXPECT_EQ(must(store_list(*store, "A")), 0U);
  EXPECT_EQ(must(store_list(*store, "A")), kDevices) << "what it has stored itself";
  EXPECT_EQ(must(store_list(*other, "B")), 0U);
  EXPECT_FALSE(store_list(*store, "B"));
  EXPECT_EQ(must(store_list(*store, "B")), kDevices);
  EXPECT_EQ(must(store_list(*store, "C")), 0U);
  EXPECT_EQ(must(store->read([&](Reader& r) { return r.device_counts(id); })).devices, 3 * kDevices);
}

TEST_F(PostgresTrouble, WhatFailedIsNotKeptThoughTheFunctionWentOn) {
  const auto store = open();
  const auto a = make_account(*store, "a");
  const auto done = store->write(a, [&](Writer& w) -> Result<> {
    MUSTER_TRY(add_event(w, a));
    (void)add_event(w, AccountId{4711});  // there is no such account
    (void)w.account(a);
    return {};
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(events(*store), 0);
  EXPECT_TRUE(store->write(a, [&](Writer& w) { return add_event(w, a); })) << "the connection works on";
}

TEST_F(PostgresTrouble, TextsThatItCannotHoldAreRejectedWithAReason) {
  const auto store = open();
  const auto a = make_account(*store, "a");
  const auto done = store->write(a, [&](Writer& w) { return w.put_base_url(a, "\xff"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::invalid);
}

TEST_F(PostgresTrouble, SeveralServersThatStartAtOnceMakeTheSchemaOnce) {
  std::vector<std::future<bool>> starts;
  for (int i = 0; i < 4; ++i)
    starts.push_back(std::async(std::launch::async, [&] {
      return postgres::open({.url = url_, .keyring = test_keyring()}).has_value();
    }));
  for (auto& start : starts) EXPECT_TRUE(start.get());
}

TEST_F(PostgresTrouble, ANewerSchemaIsRefused) {
  open();
  PostgresCluster::query(url_, "UPDATE muster_schema SET version = version + 1");
  const auto newer = "has schema " + std::to_string(postgres::kSchemaVersion + 1);
  EXPECT_THAT(why_not(url_), AllOf(HasSubstr(newer), HasSubstr("newer muster")));
}

TEST_F(PostgresTrouble, NoServerIsToldByItsAddress) {
  EXPECT_THAT(why_not("postgresql://muster@127.0.0.1:1/x"),
              AllOf(HasSubstr("127.0.0.1"), HasSubstr("refused"), HasSubstr("Check the database server")));
  EXPECT_THAT(why_not("postgresql://muster@no.such.host.invalid/x"), HasSubstr("no.such.host.invalid"));
}

TEST_F(PostgresTrouble, AWrongPasswordIsToldWithoutIt) {
  const auto wrong = PostgresCluster::as_role(url_, "guarded:hunter2");
  EXPECT_THAT(why_not(wrong), AllOf(HasSubstr("password authentication failed"),
                                    HasSubstr("Check the password"), testing::Not(HasSubstr("hunter2"))));
}

TEST_F(PostgresTrouble, AMissingDatabaseOrRoleIsNamed) {
  EXPECT_THAT(why_not("postgresql://muster@/nowhere?host=" + cluster_.socket()),
              AllOf(HasSubstr("\"nowhere\" does not exist"), HasSubstr("createdb")));
  EXPECT_THAT(why_not(PostgresCluster::as_role(url_, "stranger")), HasSubstr("\"stranger\" does not exist"));
}

TEST_F(PostgresTrouble, MissingPrivilegesAreTold) {
  PostgresCluster::query(url_, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  const auto guest = PostgresCluster::as_role(url_, "guarded:secret");
  EXPECT_THAT(why_not(guest), AllOf(HasSubstr("permission denied"), HasSubstr("Grant")));
}

TEST_F(PostgresTrouble, AReadOnlyServerIsTold) {
  PostgresCluster::administer(url_, "ALTER ROLE muster IN DATABASE " +
                                        PostgresCluster::query(url_, "SELECT current_database()") +
                                        " SET default_transaction_read_only = on");
  EXPECT_THAT(why_not(url_), AllOf(HasSubstr("read-only"), HasSubstr("target_session_attrs=read-write")));
}

TEST_F(PostgresTrouble, TooFewConnectionsAreTold) {
  PostgresCluster::administer(
      url_,
      "ALTER DATABASE " + PostgresCluster::query(url_, "SELECT current_database()") + " CONNECTION LIMIT 0");
  EXPECT_THAT(why_not(url_), AllOf(HasSubstr("too many connections"), HasSubstr("max_connections")));
}

TEST_F(PostgresTrouble, AnotherEncodingIsRefused) {
  const std::string name = "latin_" + std::to_string(::getpid());
  PostgresCluster::query(url_, "CREATE DATABASE " + name +
                                   " ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0");
  const auto url = "postgresql://muster@/" + name + "?host=" + cluster_.socket();
  EXPECT_THAT(why_not(url), AllOf(HasSubstr("LATIN1"), HasSubstr("-E UTF8")));
  PostgresCluster::query(url_, "DROP DATABASE " + name);
}

TEST_F(PostgresTrouble, AStatementThatTakesTooLongIsTheStoresTroubleUntilOneWorks) {
  const auto patient = open();  // makes the schema, which takes a busy machine longer than the other's limit
  const auto a = make_account(*patient, "a");
  const auto store = open({.statement_limit = 300ms});
  std::promise<void> is_inside, may_end;
  auto blocking = std::async(std::launch::async, [&] {
    return patient->write(a, [&](Writer& w) -> Result<> {
      MUSTER_TRY(w.account(a));
      is_inside.set_value();
      may_end.get_future().wait();
      return {};
    });
  });
  is_inside.get_future().wait();
  const auto blocked = store->write(a, [&](Writer& w) { return w.put_base_url(a, "x"); });
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().code, Code::storage);
  EXPECT_THAT(blocked.error().text(), AllOf(HasSubstr("statement timeout"), HasSubstr("Look for locks")));
  ASSERT_TRUE(store->trouble());
  may_end.set_value();
  EXPECT_TRUE(blocking.get());
  EXPECT_TRUE(store->write(a, [&](Writer& w) { return w.put_base_url(a, "x"); }));
  EXPECT_FALSE(store->trouble());
}

// Apple's answer is kept until it can be stored, although others can store something meanwhile.
TEST_F(PostgresTrouble, APatientWriteWaitsUntilItIsStored) {
  const auto patient = open();  // makes the schema, which takes a busy machine longer than the other's limit
  const auto a = make_account(*patient, "a"), b = make_account(*patient, "b");
  const auto store = open({.statement_limit = 1s});
  PostgresSession locking(url_);
  locking.query("BEGIN");
  locking.query("LOCK TABLE event IN EXCLUSIVE MODE");
  auto runs = std::make_shared<std::atomic<int>>(0);
  auto waiting = std::async(std::launch::async, [&] {
    return store->write(WriteScope(a).patiently(), std::string("an answer"),
                        [&](Writer& w, std::string answer) -> Result<> {
                          ++*runs;
                          return w.add_event({.account = a, .body = std::move(answer)});
                        });
  });
  ASSERT_TRUE(eventually([&] { return *runs >= 2; }));
  ASSERT_TRUE(store->trouble());
  EXPECT_TRUE(store->write(b, [&](Writer& w) { return w.put_base_url(b, "x"); }));
  EXPECT_TRUE(store->trouble()) << "that one was stored says nothing of the one that waits";
  locking.query("COMMIT");
  EXPECT_TRUE(waiting.get());
  EXPECT_FALSE(store->trouble());
  EXPECT_EQ(PostgresCluster::query(url_, "SELECT body FROM event"), "an answer\n") << "each run has its own";
}

TEST_F(PostgresTrouble, APatientWriteThatIsNotWantedAnyMoreEnds) {
  const auto patient = open();  // the same
  const auto a = make_account(*patient, "a");
  const auto store = open({.statement_limit = 1s});
  PostgresSession locking(url_);
  locking.query("BEGIN");
  locking.query("LOCK TABLE account IN EXCLUSIVE MODE");
  std::stop_source stop;
  auto waiting = std::async(std::launch::async, [&] {
    const Wanted wanted({}, stop.get_token());
    return store->write(WriteScope(a).patiently(), [&](Writer& w) { return w.put_base_url(a, "x"); });
  });
  ASSERT_TRUE(eventually([&] { return store->trouble().has_value(); }));
  stop.request_stop();
  const auto ended = waiting.get();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::storage);
  locking.query("COMMIT");
  EXPECT_EQ(base_url(*store, a), "");
}

TEST_F(PostgresTrouble, AConnectionIsNamed) {
  const auto store = open();
  make_account(*store, "a");
  EXPECT_EQ(PostgresCluster::query(url_,
                                   "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = "
                                   "current_database() AND pid <> pg_backend_pid()"),
            "muster\n");
}

// A cluster of its own, whose certificate is for localhost.
class PostgresTls : public testing::Test {
 protected:
  PostgresTls() {
    log::set_level(log::Level::error);
    const auto started =
        run_program({script_, "tls", cluster_, files_.certificate, files_.key, std::to_string(::getpid())},
                    {}, {}, std::chrono::seconds(120));
    if (started.exit != 0)
      throw std::runtime_error("PostgreSQL does not start: " + started.out + started.err);
    port_ = std::stoi(started.out);
  }
  ~PostgresTls() override { (void)run_program({script_, "stop", cluster_}); }

  std::string url(const std::string& host, const std::string& options) const {
    return "postgresql://muster@/muster?hostaddr=127.0.0.1&host=" + host + "&port=" + std::to_string(port_) +
           "&" + options;
  }
  static std::string why_not(const std::string& url) {
    const auto opened = postgres::open({.url = url, .keyring = test_keyring()});
    return opened ? "it is open" : opened.error().text();
  }

  const std::string script_ = source("tests/support/postgres_cluster.sh");
  TempDir directory_;
  const CertificateFiles files_ = make_certificate(directory_.path(), {.names = "DNS:localhost"});
  const std::string cluster_ =
      "/tmp/muster-tls-" + std::to_string(::getpid());  // PostgreSQL's user enters it
  int port_ = 0;
};

TEST_F(PostgresTls, IsWhatTheUrlAsksForAndWhatIsWrongWithItIsTold) {
  const std::string trusting = "sslmode=verify-full&sslrootcert=" + files_.certificate;
  {
    const auto opened = postgres::open({.url = url("localhost", trusting), .keyring = test_keyring()});
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(PostgresCluster::query(url("localhost", trusting),
                                     "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                                     "WHERE application_name = 'muster'"),
              "t\n");
  }
  EXPECT_THAT(why_not(url("db1.example.org", trusting)),
              AllOf(HasSubstr("does not match host name \"db1.example.org\""),
                    HasSubstr("Check the host name, sslmode")));
  const TempDir elsewhere;
  const auto stranger = make_certificate(elsewhere.path(), {.names = "DNS:localhost"});
  EXPECT_THAT(why_not(url("localhost", "sslmode=verify-full&sslrootcert=" + stranger.certificate)),
              AllOf(HasSubstr("certificate verify failed"), HasSubstr("sslrootcert in -database")));
  EXPECT_THAT(why_not(url("localhost", "sslmode=verify-ca&sslrootcert=" + elsewhere.path() + "/none.pem")),
              AllOf(HasSubstr("none.pem"), HasSubstr("sslrootcert in -database")));
  EXPECT_THAT(why_not(url("localhost", "sslmode=disable")),
              AllOf(HasSubstr("no encryption"), HasSubstr("pg_hba.conf")));

  const std::string superuser =
      "postgresql://postgres@/postgres?host=" + cluster_ + "&port=" + std::to_string(port_);
  PostgresCluster::query(superuser, "ALTER SYSTEM SET ssl = off");
  PostgresCluster::query(superuser, "SELECT pg_reload_conf()");
  std::string why;
  EXPECT_TRUE(eventually([&] {
    return (why = why_not(url("localhost", "sslmode=require"))).find("ssl = on") != std::string::npos;
  })) << why;
}

TEST(PostgresUrl, IsCheckedAndToldWithoutSecrets) {
  EXPECT_TRUE(postgres::check_url("postgresql://muster@db1,db2/muster?target_session_attrs=read-write"));
  EXPECT_TRUE(postgres::check_url("host=db1 dbname=muster"));
  const auto wrong = postgres::check_url("postgresql://muster:hunter2@db1/muster?nonsense=1");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text().find("hunter2"), std::string::npos);
  EXPECT_EQ(postgres::place_of("postgresql://muster:hunter2@db1,db2/muster"), "\"muster\" on db1,db2");
}

}  // namespace
}  // namespace muster::test
