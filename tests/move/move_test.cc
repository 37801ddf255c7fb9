// All that a store has is the same on the other side of a move, and a move that does not work changes
// nothing.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "base/os/kill_point.h"
#include "store/move/move.h"
#include "store/move/side.h"
#include "store/postgres/open.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/open.h"
#include "tests/move/everything.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<move::Report> to_postgres(const std::string& directory, const std::string& url) {
  MUSTER_TRY(const auto from, move::open_sqlite_source(directory));
  MUSTER_TRY(const auto to, move::open_postgres_target(url));
  return move::move_all(*from, *to);
}

Result<move::Report> to_sqlite(const std::string& url, const std::string& directory) {
  MUSTER_TRY(const auto from, move::open_postgres_source(url));
  MUSTER_TRY(const auto to, move::open_sqlite_target(directory));
  return move::move_all(*from, *to);
}

std::unique_ptr<Store> on_sqlite(const std::string& directory) {
  auto store = sqlite::open(directory, test_keyring());
  if (!store) throw std::runtime_error(store.error().text());
  return std::move(*store);
}
std::unique_ptr<Store> on_postgres(const std::string& url) {
  auto store = postgres::open({.url = url, .keyring = test_keyring()});
  if (!store) throw std::runtime_error(store.error().text());
  return std::move(*store);
}

std::string query(const std::string& url, const std::string& sql) { return PostgresCluster::query(url, sql); }

// By an own connection, beside the lock: what is there must not change while it is open.
void change(const std::string& directory, const std::string& sql) {
  auto file = sqlite::open_database_file(directory);
  ASSERT_TRUE(file) << file.error().text();
  const auto done = file->writer->script(sql);
  ASSERT_TRUE(done) << done.error().text();
}

std::vector<std::string> digests(const move::Report& report) {
  std::vector<std::string> all;
  for (const auto& table : report.tables) all.push_back(table.table + " " + table.digest_to);
  return all;
}

class Move : public testing::Test {
 protected:
  std::string directory(const std::string& name) const { return directory_.file(name); }
  const std::string url_ = PostgresCluster::shared().new_database();

 private:
  TempDir directory_;
};

TEST_F(Move, KeepsEverythingThereAndBack) {
  store_everything(*on_sqlite(directory("first")));
  const auto before = everything_in(*on_sqlite(directory("first")));
  ASSERT_GT(before.size(), 50U);

  const auto there = to_postgres(directory("first"), url_);
  ASSERT_TRUE(there) << there.error().text();
  EXPECT_TRUE(there->agrees());
  for (const auto& table : there->tables) EXPECT_GT(table.rows_to, 0) << table.table << " was not tried";
  EXPECT_EQ(everything_in(*on_postgres(url_)), before);

  const auto back = to_sqlite(url_, directory("second"));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_TRUE(back->agrees());
  EXPECT_EQ(digests(*back), digests(*there));
  EXPECT_EQ(everything_in(*on_sqlite(directory("second"))), before);
  EXPECT_EQ(everything_in(*on_sqlite(directory("first"))), before) << "the source is not as it was";
}

// What PostgreSQL made itself comes through, too.
TEST_F(Move, KeepsWhatWasStoredOnPostgres) {
  store_everything(*on_postgres(url_));
  const auto before = everything_in(*on_postgres(url_));
  const auto moved = to_sqlite(url_, directory("new"));
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_TRUE(moved->agrees());
  EXPECT_EQ(everything_in(*on_sqlite(directory("new"))), before);
  const auto another = PostgresCluster::shared().new_database();
  const auto back = to_postgres(directory("new"), another);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(everything_in(*on_postgres(another)), before);
}

// More than is sent at once, in another order than that of the keys, and texts that no index could have.
TEST_F(Move, KeepsManyRowsAndLongTexts) {
  constexpr int kDevices = 3000;
  {
    const auto store = on_sqlite(directory("first"));
    const auto done = store->write(installation, [](Writer& w) -> Result<> {
      MUSTER_TRY(const auto account, w.create_account(kDefaultAccount));
      for (int i = 0; i < kDevices; ++i) {
        Device device;
        device.account = account;
        device.serial = Serial(std::to_string(i * 7919 % kDevices));
        device.facts.other = std::string(300, 'o');
        if (i % 1000 == 1) device.facts.description = std::string(static_cast<size_t>(i) + 5000, 'd');
        MUSTER_TRY(w.insert_device(device));
        MUSTER_TRY(w.add_history(account, {device.id, from_millis(-i), HistoryEntry::Kind::arrived, "text"}));
      }
      Rule rule{.account = account, .filter = "serial in (" + std::string(8000, 'x') + ")"};
      return w.put_rule(rule);
    });
    ASSERT_TRUE(done) << done.error().text();
  }
  const auto there = to_postgres(directory("first"), url_);
  ASSERT_TRUE(there) << there.error().text();
  const auto back = to_sqlite(url_, directory("second"));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(digests(*there), digests(*back));
  const auto before = on_sqlite(directory("first")), on_server = on_postgres(url_),
             after = on_sqlite(directory("second"));
  const auto all = [](Store& store) {
    return store
        .read([](Reader& r) { return r.device_page(static_cast<AccountId>(1), Serial(""), kDevices + 1); })
        .value();
  };
  EXPECT_EQ(all(*before).size(), size_t{kDevices});
  EXPECT_EQ(all(*before), all(*on_server));
  EXPECT_EQ(all(*before), all(*after));
}

// A new account, device, rule and list get ids that none had before; serials are found; what is counted goes
// on.
TEST_F(Move, TheStoreGoesOn) {
  store_everything(*on_sqlite(directory("first")));
  ASSERT_TRUE(to_postgres(directory("first"), url_));
  ASSERT_TRUE(to_sqlite(url_, directory("second")));
  const auto reference = on_sqlite(directory("first")), there = on_postgres(url_),
             back = on_sqlite(directory("second"));
  for (auto* const store : {reference.get(), there.get(), back.get()}) {
    const auto done = store->write(installation, [](Writer& w) -> Result<> {
      MUSTER_TRY(const auto school, w.account(AccountName("school")));
      MUSTER_TRY(const auto made, w.create_account(AccountName("new")));
      EXPECT_EQ(static_cast<int>(made), 6) << "5 was an account's that was removed";
      MUSTER_TRY(const auto counts, w.device_counts(school->id));
      Device device;
      device.account = school->id;
      device.serial = Serial("NEW");
      device.facts.profile_status = "pushed";  // a new text
      device.facts.model = "new";
      MUSTER_TRY(w.insert_device(device));
      EXPECT_GT(static_cast<int>(device.id), 17);
      MUSTER_TRY(const auto counts_after, w.device_counts(school->id));
      EXPECT_EQ(counts_after.devices, counts.devices + 1);
      MUSTER_TRY(
          w.add_history(school->id, {device.id, from_millis(5), HistoryEntry::Kind::arrived, "new text"}));
      Rule rule{.account = school->id, .filter = "model:new"};
      MUSTER_TRY(w.put_rule(rule));
      EXPECT_EQ(static_cast<int>(rule.id), 5);
      SerialList list{.account = school->id, .name = "new"};
      MUSTER_TRY(w.put_serial_list(list));
      EXPECT_EQ(static_cast<int>(list.id), 3);
      return w.add_event({.account = school->id, .created_at = from_millis(9), .body = "{}"});
    });
    ASSERT_TRUE(done) << done.error().text();
    const auto twice = store->write(installation, [](Writer& w) -> Result<> {
      MUSTER_TRY(const auto school, w.account(AccountName("school")));
      Device device;
      device.account = school->id;
      device.serial = Serial("PLAIN3");
      return w.insert_device(device);
    });
    EXPECT_FALSE(twice) << "a serial that was moved is stored a second time";
  }
  auto expected = everything_in(*reference);
  EXPECT_EQ(everything_in(*there), expected);
  EXPECT_EQ(everything_in(*back), expected);
}

// Each column of a schema is moved, or it is known how it comes about.
TEST_F(Move, KnowsEveryColumn) {
  const std::set<std::string> derived = {
      // of SQLite
      "account.worker", "account_number.last", "device.rare", "serial_index.owner", "serial_index.number",
      "serial_index.place", "serial_index.sort", "serial_index_end.last",
      // of PostgreSQL
      "kind.digest", "profile_state.digest", "detail.digest", "device.migrating", "device.replacement",
      "kept_count.profile", "installation.only_one", "muster_schema.version", "server.*", "request.*",
      "commit_mark.*", "progress.*", "server_keys.*",
      // of both: it is about the last hours, and who listens is told that it begins anew
      "feed.*", "receiver.number", "receiver.number_at", "receiver.part",
      // which server sends to it
      "receiver.sender", "receiver.sender_until"};
  std::set<std::string> known = derived;
  for (const auto& table : move::tables())
    for (const auto& column : table.column_names()) known.insert(std::string(table.name) + "." + column);
  const auto expect_known = [&](const std::string& table, const std::string& column) {
    EXPECT_TRUE(known.contains(table + "." + column) || known.contains(table + ".*"))
        << table << "." << column << " is not moved: add it to store/move/table.cc, or say here why not";
  };

  (void)on_postgres(url_);
  std::istringstream columns(query(
      url_,
      "SELECT table_name || ' ' || column_name FROM information_schema.columns WHERE table_schema = 'public'"));
  int count = 0;
  for (std::string table, column; columns >> table >> column; ++count) expect_known(table, column);
  EXPECT_GT(count, 150);

  const auto file = sqlite::open_database_file(directory("first"));
  ASSERT_TRUE(file) << file.error().text();
  const auto in_sqlite = file->writer->all(
      "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND "
      "t.name NOT LIKE 'sqlite_%'",
      [](const sqlite::Row& row) { return std::pair(row.text(0), row.text(1)); });
  ASSERT_TRUE(in_sqlite) << in_sqlite.error().text();
  EXPECT_GT(in_sqlite->size(), 150U);
  for (const auto& [table, column] : *in_sqlite) expect_known(table, column);
}

TEST_F(Move, NeedsASourceThatIsStopped) {
  const auto running = on_sqlite(directory("first"));
  const auto refused = to_postgres(directory("first"), url_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), AllOf(HasSubstr("in use"), HasSubstr("Stop it")));

  const auto store = on_postgres(url_);
  const auto server = store->shared()->join("host-a", "1.0", 60s);
  ASSERT_TRUE(server);
  const auto alive = to_sqlite(url_, directory("second"));
  ASSERT_FALSE(alive);
  EXPECT_THAT(alive.error().text(), AllOf(HasSubstr("\"host-a\" is running"), HasSubstr("Stop all servers")));
  ASSERT_TRUE(store->shared()->leave(*server));
  EXPECT_TRUE(to_sqlite(url_, directory("third")));
}

TEST_F(Move, NobodyWritesTheSourceMeanwhile) {
  const auto store = on_postgres(url_);
  const auto from = move::open_postgres_source(url_);
  ASSERT_TRUE(from) << from.error().text();
  EXPECT_THROW(
      query(url_,
            "SET lock_timeout = 100; INSERT INTO server (name, version, started, renewed, alive_until) "
            "VALUES ('late', '', now(), now(), now() + interval '1 hour')"),
      std::runtime_error);
  EXPECT_THROW(query(url_, "SET lock_timeout = 100; SELECT 1 FROM installation FOR NO KEY UPDATE"),
               std::runtime_error);
}

TEST_F(Move, NeedsASourceThatIsThere) {
  const auto nothing = to_postgres(directory("nowhere"), url_);
  ASSERT_FALSE(nothing);
  EXPECT_THAT(nothing.error().text(), AllOf(HasSubstr("there is no muster.db"), HasSubstr("-config-path")));
  EXPECT_FALSE(std::filesystem::exists(directory("nowhere")));

  const auto no_tables = to_sqlite(url_, directory("first"));
  ASSERT_FALSE(no_tables);
  EXPECT_THAT(no_tables.error().text(), HasSubstr("has no tables of muster"));
  EXPECT_EQ(query(url_, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0\n");
  EXPECT_FALSE(std::filesystem::exists(directory("first")));
}

TEST_F(Move, NeedsATargetThatIsEmpty) {
  store_everything(*on_sqlite(directory("first")));
  ASSERT_TRUE(
      on_postgres(url_)->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); }));
  const auto there = to_postgres(directory("first"), url_);
  ASSERT_FALSE(there);
  EXPECT_THAT(there.error().text(),
              AllOf(HasSubstr("not empty"), HasSubstr("account"), HasSubstr("createdb")));
  EXPECT_EQ(query(url_, "SELECT name FROM account"), "default\n");

  const auto before = everything_in(*on_sqlite(directory("first")));
  const auto back = to_sqlite(url_, directory("first"));
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error().text(), AllOf(HasSubstr("not empty"), HasSubstr("does not exist yet")));
  EXPECT_EQ(everything_in(*on_sqlite(directory("first"))), before);
}

TEST_F(Move, SaysWhichTextPostgresCannotStore) {
  store_everything(*on_sqlite(directory("first")));
  change(directory("first"), "UPDATE device SET other = 'a' || char(0) || 'b' WHERE id = 3");
  const auto nul = to_postgres(directory("first"), url_);
  ASSERT_FALSE(nul);
  EXPECT_THAT(nul.error().text(), AllOf(HasSubstr("the column other of the table device"), HasSubstr("NUL"),
                                        HasSubstr("UPDATE device SET other = '...' WHERE id = 3")));
  change(
      directory("first"),
      "UPDATE device SET other = '' WHERE id = 3; UPDATE note SET owner = CAST(x'ff' AS TEXT) WHERE serial = 'NOTED'");
  const auto bytes = to_postgres(directory("first"), url_);
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error().text(),
              AllOf(HasSubstr("the column owner of the table note"), HasSubstr("not UTF-8"),
                    HasSubstr("account = 3 AND serial = 'NOTED'")));
  EXPECT_EQ(query(url_, "SELECT count(*) FROM account"), "0\n");
  change(directory("first"), "UPDATE note SET owner = '' WHERE serial = 'NOTED'");
  EXPECT_TRUE(to_postgres(directory("first"), url_));
}

// A target whose rows are other than what was put there, for one of them.
class Falsifying final : public move::Target {
 public:
  explicit Falsifying(std::unique_ptr<move::Target> real) : real_(std::move(real)) {}
  std::string place() const override { return real_->place(); }
  Result<> read(const move::Table& table, const move::TakeRow& take) override {
    return real_->read(table, take);
  }
  Result<std::int64_t> last_id(const move::Table& table) override { return real_->last_id(table); }
  Result<> begin(const move::Table& table) override {
    is_notes_ = std::string_view(table.name) == "note";
    return real_->begin(table);
  }
  Result<> put(move::Cells row) override {
    std::vector<move::Cell> other(row.begin(), row.end());
    if (is_notes_) other.back() = std::string_view("false");
    return real_->put(other);
  }
  Result<> end() override { return real_->end(); }
  Result<> put_last_id(const move::Table& table, std::int64_t id) override {
    return real_->put_last_id(table, id);
  }
  Result<> finish() override { return real_->finish(); }
  Result<> commit() override { return real_->commit(); }

 private:
  const std::unique_ptr<move::Target> real_;
  bool is_notes_ = false;
};

TEST_F(Move, IsNotCommittedWhenTheSidesDiffer) {
  store_everything(*on_sqlite(directory("first")));
  {
    auto from = move::open_sqlite_source(directory("first"));
    auto to = move::open_postgres_target(url_);
    ASSERT_TRUE(from && to);
    Falsifying falsifying(std::move(*to));
    const auto report = move::move_all(**from, falsifying);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_FALSE(report->agrees());
    std::vector<std::string> different;
    for (const auto& table : report->tables)
      if (!table.agrees()) different.push_back(table.table);
    EXPECT_THAT(different, ElementsAre("note"));
  }
  EXPECT_EQ(query(url_, "SELECT count(*) FROM account"), "0\n");
  EXPECT_TRUE(to_postgres(directory("first"), url_)) << "and it can be tried again";
}

// Moves in a process that ends by SIGKILL at the n-th passing of a kill point; false when it came to its end
// before.
template <class MoveFn>
bool is_killed(const char* point, int passing, MoveFn fn) {
  static std::string at;
  static int left;
  const pid_t child = ::fork();
  if (child == 0) {
    at = point;
    left = passing;
    kill_hook = [](const char* passed) {
      if (at == passed && --left == 0) ::kill(::getpid(), SIGKILL);
    };
    std::_Exit(fn() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "the move failed";
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

TEST_F(Move, ThatIsKilledLeavesBothSidesAsTheyWere) {
  store_everything(*on_sqlite(directory("first")));
  const auto before = everything_in(*on_sqlite(directory("first")));
  const auto there = [&] { return to_postgres(directory("first"), url_).has_value(); };
  for (const int passing : {1, 6, 21})
    EXPECT_TRUE(is_killed("move.table", passing, there)) << "there is no such passing";
  EXPECT_TRUE(is_killed("commit.before", 1, there));
  EXPECT_EQ(query(url_, "SELECT count(*) FROM account"), "0\n");
  EXPECT_EQ(query(url_, "SELECT last_value FROM account_id_seq"), "1\n");
  EXPECT_EQ(everything_in(*on_sqlite(directory("first"))), before);
  EXPECT_TRUE(is_killed("commit.after", 1, there));
  EXPECT_EQ(everything_in(*on_postgres(url_)), before);

  const auto back = [&] { return to_sqlite(url_, directory("second")).has_value(); };
  for (const int passing : {1, 6, 21}) EXPECT_TRUE(is_killed("move.table", passing, back));
  EXPECT_TRUE(is_killed("commit.before", 1, back));
  EXPECT_THAT(everything_in(*on_sqlite(directory("second"))), IsEmpty());
  EXPECT_EQ(everything_in(*on_postgres(url_)), before);
  EXPECT_TRUE(is_killed("commit.after", 1, back));
  EXPECT_EQ(everything_in(*on_sqlite(directory("second"))), before);
}

}  // namespace
}  // namespace muster::test
