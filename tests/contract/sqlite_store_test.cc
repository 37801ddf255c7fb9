// The SQLite store passes the battery, and keeps the promises of its own: one process, one schema.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <new>
#include <set>
#include <thread>

#include "base/os/kill_point.h"
#include "store/sqlite/damage.h"
#include "store/sqlite/open.h"
#include "tests/contract/in_a_file.h"
#include "tests/contract/lane_contract.h"
#include "tests/contract/store_contract.h"
#include "tests/support/twice_store.h"

namespace muster::test {

Result<std::unique_ptr<Store>> open_once(const std::string& directory) { return sqlite::open(directory); }
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Backend{"sqlite", open_once}),
                         [](const auto& backend) { return backend.param.name; });
INSTANTIATE_TEST_SUITE_P(Sqlite, LaneContract, testing::Values(Backend{"sqlite", open_once}),
                         [](const auto& backend) { return backend.param.name; });

Result<std::unique_ptr<Store>> open_twice(const std::string& directory) {
  MUSTER_TRY(auto store, sqlite::open(directory));
  return std::unique_ptr<Store>(std::make_unique<TwiceStore>(std::move(store)));
}
INSTANTIATE_TEST_SUITE_P(Twice, StoreContract, testing::Values(Backend{"sqlite", open_twice}),
                         [](const auto& backend) { return backend.param.name; });
INSTANTIATE_TEST_SUITE_P(Twice, LaneContract, testing::Values(Backend{"sqlite", open_twice}),
                         [](const auto& backend) { return backend.param.name; });

namespace {

void run_sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

// The first column of every row.
std::vector<std::string> texts_of(const std::string& path, const std::string& sql) {
  std::vector<std::string> texts;
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  const auto keep = [](void* list, int, char** columns, char**) {
    static_cast<std::vector<std::string>*>(list)->emplace_back(columns[0] ? columns[0] : "");
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), keep, &texts, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
  return texts;
}

TEST(SqliteStore, KeepsASecondOneOut) {
  TempDir directory;
  const auto first = sqlite::open(directory.path());
  ASSERT_TRUE(first);
  const auto second = sqlite::open(directory.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos) << second.error().message;
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos)
      << second.error().message;
}

TEST(SqliteStore, OpensAgainWhenTheFirstIsGone) {
  TempDir directory;
  ASSERT_TRUE(sqlite::open(directory.path()));
  EXPECT_TRUE(sqlite::open(directory.path()));
}

TEST(SqliteStore, RefusesANewerSchemaAndLeavesItAlone) {
  TempDir directory;
  ASSERT_TRUE(sqlite::open(directory.path()));
  run_sql(directory.file("muster.db"), "PRAGMA user_version = 99");
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::conflict);
  EXPECT_NE(opened.error().text().find("schema 99"), std::string::npos) << opened.error().text();
  EXPECT_NE(opened.error().hint.find("newer muster"), std::string::npos) << opened.error().hint;
  run_sql(directory.file("muster.db"), "PRAGMA user_version = 9");
  EXPECT_TRUE(sqlite::open(directory.path()));
}

TEST(SqliteStore, RefusesAnotherProgramsDatabase) {
  TempDir directory;
  run_sql(directory.file("muster.db"), "PRAGMA user_version = 1; CREATE TABLE t (x)");
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("another program"), std::string::npos) << opened.error().text();
}

TEST(SqliteStore, RefusesAFileThatIsNoDatabase) {
  TempDir directory;
  std::ofstream(directory.file("muster.db")) << std::string(8192, 'x');
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("damaged"), std::string::npos) << opened.error().text();
}

// Larger than what is looked through as a whole at the start: of tables with many rows it is the beginning. A
// start on a busy machine may look at less of it; here it is given time.
TEST(SqliteStore, FindsDamageInALargeDatabase) {
  TempDir directory;
  {
    const auto store = *sqlite::open(directory.path());
    ASSERT_TRUE(store->write(installation, [](Writer& w) -> Result<> {
      MUSTER_TRY(const auto account, w.create_account(AccountName("school")));
      Device device;
      device.account = account;
      for (int i = 0; i < 40; ++i) {
        device.id = {};
        device.serial = Serial("S" + std::to_string(i));
        device.facts.other.assign(1 << 20, 'x');
        MUSTER_TRY(w.insert_device(device));
      }
      for (int i = 0; i < 12'000; ++i)
        MUSTER_TRY(
            w.add_history(account, {device.id, from_millis(i), HistoryEntry::Kind::observed, "model"}));
      return {};
    }));
  }
  const std::string file = directory.file("muster.db");
  ASSERT_GT(std::filesystem::file_size(file), 32U << 20);
  const auto look = [&]() -> Result<> {
    MUSTER_TRY(const auto database, sqlite::Database::open(file, sqlite::Database::Mode::read_only));
    return sqlite::look_for_damage(*database, file, std::chrono::minutes(1));
  };
  ASSERT_TRUE(look());
  for (const char* table : {"rule", "device", "history"}) {
    const long page = std::stol(
        texts_of(file, std::string("SELECT rootpage FROM sqlite_master WHERE name = '") + table + "'").at(0));
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    std::string sound(4096, '\0');
    stream.seekg((page - 1) * 4096).read(sound.data(), 4096);
    stream.seekp((page - 1) * 4096).write(std::string(4096, 'x').data(), 4096).flush();
    const auto found = look();
    ASSERT_FALSE(found) << table;
    EXPECT_NE(found.error().text().find("damaged"), std::string::npos) << found.error().text();
    stream.seekp((page - 1) * 4096).write(sound.data(), 4096).flush();
  }
  EXPECT_TRUE(sqlite::open(directory.path()));
}

// Else each start would read the devices whose serials were in memory only.
TEST(SqliteStore, LeavesFewSerialsForTheNextStartToRead) {
  constexpr int kDevices = 5000;
  TempDir directory;
  {
    const auto store = *sqlite::open(directory.path());
    ASSERT_TRUE(store->write(installation, [](Writer& w) -> Result<> {
      Device device;
      MUSTER_TRY(device.account, w.create_account(AccountName("school")));
      for (int i = 0; i < kDevices; ++i) {
        device.serial = Serial("S" + std::to_string(i));
        MUSTER_TRY(w.insert_device(device));
      }
      return {};
    }));
  }
  EXPECT_EQ(texts_of(directory.file("muster.db"), "SELECT count(*) FROM serial_index").at(0),
            std::to_string(kDevices));
  EXPECT_EQ(texts_of(directory.file("muster.db"), "SELECT last FROM serial_index_end").at(0),
            std::to_string(kDevices));
}

TEST(SqliteStore, MakesItsDirectoryForItsOwnerOnly) {
  TempDir parent;
  const std::string directory = parent.file("a/b");
  ASSERT_TRUE(sqlite::open(directory));
  struct stat info {};
  ASSERT_EQ(::stat(directory.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat((directory + "/muster.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0077, 0U);
}

TEST(SqliteStore, SaysThatADatabaseIsFromBeforeTheFirstRelease) {
  TempDir directory;
  run_sql(directory.file("muster.db"),
          "PRAGMA application_id = 1299542900; PRAGMA user_version = 15; CREATE TABLE device (x)");
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::conflict);
  EXPECT_NE(opened.error().text().find("before the first release"), std::string::npos)
      << opened.error().text();
  EXPECT_NE(opened.error().hint.find("Start over"), std::string::npos) << opened.error().hint;
  EXPECT_EQ(texts_of(directory.file("muster.db"), "SELECT name FROM sqlite_schema"),
            std::vector<std::string>{"device"});
}

TEST(SqliteStore, ACopyIsOfOneMomentAndDoesNotWaitForAWriter) {
  TempDir directory, elsewhere;
  const auto store = sqlite::open(directory.path());
  ASSERT_TRUE(store);
  CopyMaker::Copy copy;
  const auto written = (*store)->write(installation, [&](Writer& w) -> Result<> {
    MUSTER_TRY(w.create_account(AccountName("first")));
    return {};
  });
  ASSERT_TRUE(written);
  const auto written_too = (*store)->write(installation, [&](Writer& w) -> Result<> {
    MUSTER_TRY(w.create_account(AccountName("second")));
    MUSTER_TRY(copy, (*store)->copies()->make_copy());
    return {};
  });
  ASSERT_TRUE(written_too);
  struct stat info {};
  ASSERT_EQ(::fstat(copy.file.get(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(info.st_nlink, 0U) << "a process that dies leaves no file";
  EXPECT_EQ((*store)->copies()->make_copy().error().code, Code::busy) << "one at a time";

  std::filesystem::copy_file("/proc/self/fd/" + std::to_string(copy.file.get()), elsewhere.file("muster.db"));
  copy = {};
  EXPECT_TRUE((*store)->copies()->make_copy());
  std::filesystem::copy_file(directory.file("master.key"), elsewhere.file("master.key"));
  const auto restored = sqlite::open(elsewhere.path());
  ASSERT_TRUE(restored) << restored.error().text();
  const auto accounts = (*restored)->read([](Reader& r) { return r.accounts(); });
  ASSERT_TRUE(accounts);
  ASSERT_EQ(accounts->size(), 1U) << "what was not committed is not in it";
  EXPECT_EQ(accounts->front().name, AccountName("first"));
}

TEST(SqliteStore, RemovesOnlyWhatItMadeItself) {
  TempDir directory;
  const std::string random = "0123456789abcdef";
  for (const std::string& name :
       {"backup-" + random, std::string(".muster-copy-mine"), ".muster-copy-" + random + "0"})
    std::ofstream(directory.file(name)) << "";
  std::ofstream(directory.file(".muster-copy-" + std::string(16, 'a'))) << "somebody's";
  std::ofstream(directory.file(".muster-copy-" + random)) << "";  // as a process leaves it that is killed
  std::filesystem::create_directory(directory.file(".muster-copy-" + std::string(16, 'd')));
  std::filesystem::create_symlink("x", directory.file(".muster-copy-" + std::string(16, 'e')));
  ASSERT_TRUE(sqlite::open(directory.path()));
  EXPECT_FALSE(std::filesystem::exists(directory.file(".muster-copy-" + random)));
  std::set<std::string> kept;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
    kept.insert(entry.path().filename().string());
  EXPECT_EQ(kept.size(), 6U + 3U) << "and the database with its lock and its key";
}

TEST(SqliteStore, NoticesThatItsDatabaseIsGone) {
  TempDir directory;
  ASSERT_TRUE(sqlite::open(directory.path()));
  ASSERT_EQ(std::remove(directory.file("muster.db").c_str()), 0);
  const auto opened = sqlite::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("is gone"), std::string::npos) << opened.error().text();
  ASSERT_EQ(std::remove(directory.file("muster.lock").c_str()), 0);
  EXPECT_TRUE(sqlite::open(directory.path()));
}

TEST(SqliteStore, NamesADirectoryThatCannotBeMade) {
  TempDir parent;
  std::ofstream(parent.file("file")) << "x";
  const auto opened = sqlite::open(parent.file("file/below"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().text().find("file/below"), std::string::npos) << opened.error().text();
}

// Whatever the schema has or will have for an account goes with it. A table that is new must be filled here,
// and emptied in erase.cc.
TEST(SqliteStore, NothingOfARemovedAccountStays) {
  TempDir directory;
  const auto account = *[&] {
    const auto store = *sqlite::open(directory.path());
    return store->write(installation, [](Writer& w) -> Result<AccountId> {
      MUSTER_TRY(const auto id, w.create_account(AccountName("school")));
      MUSTER_TRY(w.put_token(id, {"CONSUMERKEY", "SECRET1", "SECRET2", "SECRET3", {}}));
      MUSTER_TRY(w.put_key_pair(id, {"CERTIFICATE", "SECRET4"}));
      Device device;
      device.account = id;
      device.serial = Serial("S");
      MUSTER_TRY(w.insert_device(device));
      MUSTER_TRY(w.add_history(id, {device.id, from_millis(1), HistoryEntry::Kind::arrived, "added"}));
      Rule star{.account = id, .filter = "*", .profile = ProfileUuid("U")};
      MUSTER_TRY(w.put_rule(star));
      MUSTER_TRY(w.put_profile({.account = id, .uuid = ProfileUuid("U"), .name = "Lab", .document = "{}"}));
      MUSTER_TRY(w.set_current_profile(id, "Lab", ProfileUuid("U")));
      MUSTER_TRY(w.put_backfill(id, {.state = Backfill::State::running}));
      MUSTER_TRY(w.put_profile_moves(id, {{ProfileUuid("OLD"), ProfileUuid("U")}}));
      Assignment assignment;
      assignment.device = device.id;
      assignment.account = id;
      assignment.profile = ProfileUuid("U");
      MUSTER_TRY(w.put_assignment(assignment));
      MUSTER_TRY(w.put_note(id, Serial("S"), {.owner = "Ada"}));
      SentBatch sent{.account = id, .profile = ProfileUuid("U")};
      MUSTER_TRY(w.put_sent_batch(sent));
      const Question question{.account = id, .serial = Serial("S")};
      MUSTER_TRY(w.put_questions(std::span(&question, 1)));
      MUSTER_TRY(w.put_lane_trouble(id, Lane::changes, LaneTrouble{}));
      MUSTER_TRY(w.put_profile_trouble(id, ProfileUuid("U"), ProfileTrouble{}));
      SerialList lab{.account = id, .name = "lab"};
      MUSTER_TRY(w.put_serial_list(lab));
      MUSTER_TRY(w.add_to_list(lab.id, Serial("S")));
      MUSTER_TRY(w.put_device_lock({.account = id, .serial = Serial("S"), .code = "SECRET5"}));
      const Enrollment enrollment{
          .serial = Serial("S"), .udid = "UDID", .account = id, .enrolled_at = from_millis(1)};
      MUSTER_TRY(w.put_enrollments(std::span(&enrollment, 1)));
      MUSTER_TRY(w.put_late_look(id, LateLook{from_millis(1), 1}));
      MUSTER_TRY(w.add_to_day(id, from_millis(1), {.arrived = 1}));
      MUSTER_TRY(w.add_event({.account = id, .created_at = from_millis(1), .body = "{}"}));
      MUSTER_TRY(w.add_to_feed({.account = id, .type = FeedType::arrivals, .body = R"({"serials":["S"]})"}));
      MUSTER_TRY(w.put_api_key({.name = "ci",
                                .id = KeyId("1"),
                                .digest = "digest",
                                .is_for_all_accounts = false,
                                .accounts = {AccountName("school")}}));
      return id;
    });
  }();
  const std::string file = directory.file("muster.db");
  const auto tables = texts_of(
      file,
      "SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c "
      "WHERE m.type = 'table' AND m.name NOT IN ('audit', 'feed') AND c.name IN ('account', 'device', 'list')");
  const auto rows = [&](const std::string& table) {
    return texts_of(file, "SELECT count(*) FROM " + table).at(0);
  };
  EXPECT_GE(tables.size(), 5U);
  for (const auto& table : tables) EXPECT_NE(rows(table), "0") << table << " is not filled by this test";

  {
    const auto store = *sqlite::open(directory.path());
    EXPECT_TRUE(store->write(installation, [&](Writer& w) { return w.remove_account(account); }));
    EXPECT_EQ(
        texts_of(file,
                 "SELECT count(*) FROM account WHERE coalesce(consumer_key, consumer_secret, access_token, "
                 "access_secret, certificate, private_key) IS NOT NULL"),
        std::vector<std::string>{"0"});
    EXPECT_TRUE(store->write(installation, [&](Writer& w) -> Result<> {
      MUSTER_TRY(const auto devices, w.devices_to_erase(account, 10));
      MUSTER_TRY(w.erase_devices(devices));
      MUSTER_TRY(const bool done, w.erase_account(account));
      EXPECT_TRUE(done);
      return {};
    }));
  }
  for (const auto& table : tables) EXPECT_EQ(rows(table), "0") << table;
  EXPECT_EQ(rows("account"), "0");
  EXPECT_EQ(rows("serial_index"), "0");
  EXPECT_EQ(rows("feed"), "3") << "the places stay";
  EXPECT_EQ(rows("feed WHERE account <> 0 OR body <> '{}' AND id > 1"), "0");
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// An account whose row needs several pages, and has moved between them many times.
AccountId account_with_secrets(Store& store) {
  const auto id = *store.write(installation, [](Writer& w) -> Result<AccountId> {
    MUSTER_TRY(const auto account, w.create_account(AccountName("school")));
    MUSTER_TRY(w.put_token(account, {"CONSUMER", "OLDTOKEN", "OLDTOKEN", "OLDTOKEN", {}}));
    MUSTER_TRY(w.put_key_pair(account, {repeated("CERTIFICATE ", 100), repeated("OLDKEY ", 250)}));
    AppleAccount apple;
    apple.json = std::string(3000, 'j');
    MUSTER_TRY(w.put_apple_account(account, apple));
    return account;
  });
  Health health;
  for (size_t length = 0; length < 9000; length += 300) {
    health.message = std::string(length * 7 % 8999, 'm');
    EXPECT_TRUE(store.write(installation, [&](Writer& w) { return w.put_health(id, health); }));
  }
  return id;
}

// What is stored of a secret: its sealed text, of which nothing may stay when the secret is replaced.
std::string stored(const TempDir& directory, const std::string& column) {
  return texts_of(directory.file("muster.db"), "SELECT " + column + " FROM account").at(0);
}

TEST(SqliteStore, KeepsNoTokenThatWasReplaced) {
  const TempDir directory;
  const auto store = *sqlite::open(directory.path());
  const auto account = account_with_secrets(*store);
  const auto token = stored(directory, "access_secret"), key = stored(directory, "private_key");
  ASSERT_TRUE(is_in_a_file(directory, token));
  ASSERT_TRUE(store->write(installation, [&](Writer& w) {
    return w.put_token(account, {"C", "N", "N", "N", {}});
  }));
  EXPECT_FALSE(is_in_a_file(directory, token));
  ASSERT_TRUE(is_in_a_file(directory, key.substr(40, 60)));
  ASSERT_TRUE(store->write(installation, [&](Writer& w) { return w.put_key_pair(account, {"C", "NEW"}); }));
  EXPECT_FALSE(is_in_a_file(directory, key.substr(40, 60)));
}

TEST(SqliteStore, KeepsNoSecretOfARemovedAccount) {
  const TempDir directory;
  const auto store = *sqlite::open(directory.path());
  const auto account = account_with_secrets(*store);
  const auto token = stored(directory, "access_secret"),
             key = stored(directory, "private_key").substr(40, 60);
  ASSERT_TRUE(is_in_a_file(directory, token));
  ASSERT_TRUE(is_in_a_file(directory, key));
  ASSERT_TRUE(store->write(installation, [&](Writer& w) { return w.remove_account(account); }));
  EXPECT_FALSE(is_in_a_file(directory, token));
  EXPECT_FALSE(is_in_a_file(directory, key));
}

TEST(SqliteStore, ForgetsAReplacedTokenAlsoWhenAReaderHoldsItForAWhile) {
  const TempDir directory;
  const auto store = *sqlite::open(directory.path());
  const auto account = account_with_secrets(*store);
  const auto token = stored(directory, "access_secret");
  const auto replace = [&] {
    EXPECT_TRUE(store->write(installation, [&](Writer& w) {
      return w.put_token(account, {"C", "N", "N", "N", {}});
    }));
  };
  EXPECT_TRUE(store->read([&](Reader& r) {
    auto before = r.token(account);
    std::thread(replace).join();  // does not wait for this reader
    EXPECT_EQ(r.token(account)->value().access_secret, "OLDTOKEN") << "its view stays";
    return before;
  }));
  EXPECT_TRUE(is_in_a_file(directory, token));
  ASSERT_TRUE(store->write(installation, [&](Writer& w) { return w.put_paused(account, true); }));
  EXPECT_FALSE(is_in_a_file(directory, token));
}

// As when no memory is left there: the transaction is undone, and the next one begins.
TEST(SqliteStore, UndoesWhatAnExceptionEndsRightBeforeTheCommit) {
  const TempDir directory;
  const auto store = *sqlite::open(directory.path());
  const auto create = [&](const char* name) {
    return store->write(installation, [&](Writer& w) { return w.create_account(AccountName(name)); });
  };
  kill_hook = [](const char* point) {
    if (std::string_view(point) == "commit.before") throw std::bad_alloc();
  };
  EXPECT_THROW((void)create("lost"), std::bad_alloc);
  kill_hook = nullptr;
  EXPECT_TRUE(create("kept"));
  const auto accounts = *store->read([](Reader& r) { return r.accounts(); });
  ASSERT_EQ(accounts.size(), 1U);
  EXPECT_EQ(accounts.front().name.str(), "kept");
}

}  // namespace
}  // namespace muster::test
