// What SQLite's files get to do through the layer, and that nothing of it is lost: a layer below counts
// calls, and fails.
#include "store/sqlite/disk/gathered_writes.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <random>

#include "store/sqlite/disk/file_layer.h"
#include "tests/support/temp_dir.h"

namespace muster::sqlite {
namespace {

namespace fs = std::filesystem;

// Below the layer: the default of SQLite's from here on.
struct Kind {
  bool is_log;
};
using Below = LayeredFile<Kind>;

int log_writes = 0, database_writes = 0;
std::atomic<int> database_reads = 0;  // also by the thread that reads ahead
bool is_full = false;
sqlite3_vfs* system_files = nullptr;

int count_write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  if (is_full) return SQLITE_FULL;
  ++(Below::of(f).own.is_log ? log_writes : database_writes);
  return pass_on<Below, &sqlite3_io_methods::xWrite>(f, data, size, at);
}
int count_read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  database_reads += !Below::of(f).own.is_log;
  return pass_on<Below, &sqlite3_io_methods::xRead>(f, data, size, at);
}
constexpr sqlite3_io_methods kMethods = [] {
  auto methods = passing_methods<Below>();
  methods.xWrite = count_write;
  methods.xRead = count_read;
  return methods;
}();

int open_below(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
  Below& file = Below::of(f);
  file.own.is_log = flags & SQLITE_OPEN_WAL;
  const int result = system_files->xOpen(system_files, name, file.below(), flags, out);
  file.base.pMethods = file.below()->pMethods ? &kMethods : nullptr;
  return result;
}

void install_below() {
  system_files = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs layer = layer_above<Below>(*system_files, "counted", open_below);
  ASSERT_EQ(sqlite3_vfs_register(&layer, 1), SQLITE_OK);
}

class Connection {
 public:
  explicit Connection(const std::string& path, int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &handle_, flags, gathering_vfs()), SQLITE_OK);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  ~Connection() { sqlite3_close(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int run(const std::string& sql) { return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); }
  std::string ask(const std::string& sql) {
    std::string answer;
    const auto keep = [](void* to, int, char** columns, char**) {
      *static_cast<std::string*>(to) += columns[0] ? columns[0] : "";
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(handle_, sql.c_str(), keep, &answer, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle_);
    return answer;
  }
  // Whether all of the log is in the database afterwards.
  bool checkpoint() {
    int frames = 0, done = 0;
    return sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &done) ==
               SQLITE_OK &&
           frames == done;
  }

 private:
  sqlite3* handle_ = nullptr;
};

constexpr const char* kSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 20;"
    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, text TEXT)";
constexpr const char* kContent =
    "SELECT count(*) || ' rows, ' || total(id) || ', ' || total(length(text) * unicode(substr(text, 7)) * (id % 1009)) FROM t";

std::string rows(int first, int count) {
  return "INSERT OR REPLACE INTO t WITH RECURSIVE n (i) AS (SELECT " + std::to_string(first) +
         " UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(first + count - 1) +
         ") SELECT i, hex(randomblob(200)) FROM n;";
}

class GatheredWrites : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!system_files) install_below();
  }
  void SetUp() override {
    is_full = false;
    ASSERT_EQ(writer_.run(kSettings), SQLITE_OK);
    ASSERT_TRUE(writer_.checkpoint());
    ASSERT_EQ(writer_.run(rows(1, 1)), SQLITE_OK);  // begins the log anew
    log_writes = database_writes = 0;
  }

  // As a process that is killed leaves it.
  std::string content_after_a_crash() {
    const test::TempDir copy;
    for (const char* name : {"t.db", "t.db-wal"})
      if (fs::exists(directory_.file(name))) fs::copy_file(directory_.file(name), copy.file(name));
    Connection recovered(copy.file("t.db"));
    EXPECT_EQ(recovered.ask("PRAGMA integrity_check"), "ok");
    return recovered.ask(kContent);
  }

  const test::TempDir directory_;
  Connection writer_{directory_.file("t.db")};
};

TEST_F(GatheredWrites, ATransactionIsOneWriteAndACheckpointAFew) {
  ASSERT_EQ(writer_.run("PRAGMA cache_size = 1000"), SQLITE_OK);
  ASSERT_EQ(writer_.run(rows(1, 200)), SQLITE_OK);
  EXPECT_EQ(log_writes, 1);
  Connection reader(directory_.file("t.db"));
  EXPECT_EQ(reader.ask("SELECT count(*) FROM t"), "200");
  ASSERT_TRUE(writer_.checkpoint());
  EXPECT_EQ(database_writes, 1);
}

TEST_F(GatheredWrites, AFullDiskIsTheCommitsError) {
  ASSERT_EQ(writer_.run(rows(1, 10)), SQLITE_OK);
  const std::string before = writer_.ask(kContent);
  is_full = true;
  EXPECT_EQ(writer_.run(rows(11, 200)) & 0xFF, SQLITE_FULL);
  is_full = false;
  EXPECT_EQ(writer_.ask(kContent), before);
  EXPECT_EQ(content_after_a_crash(), before);
  ASSERT_EQ(writer_.run(rows(11, 200)), SQLITE_OK);
  EXPECT_EQ(content_after_a_crash(), writer_.ask(kContent));
}

TEST_F(GatheredWrites, AFullDiskIsTheCheckpointsError) {
  ASSERT_EQ(writer_.run(rows(1, 200)), SQLITE_OK);
  is_full = true;
  EXPECT_FALSE(writer_.checkpoint());
  is_full = false;
  EXPECT_EQ(content_after_a_crash(), writer_.ask(kContent));
  ASSERT_EQ(writer_.run(rows(100, 200)), SQLITE_OK);
  ASSERT_TRUE(writer_.checkpoint());
  EXPECT_EQ(Connection(directory_.file("t.db")).ask(kContent), writer_.ask(kContent));
}

TEST_F(GatheredWrites, NoPageIsKeptOfACheckpointThatAReaderHoldsBack) {
  ASSERT_EQ(writer_.run(rows(1, 50)), SQLITE_OK);
  Connection held(directory_.file("t.db"));
  ASSERT_EQ(held.run("BEGIN"), SQLITE_OK);
  const std::string before = held.ask(kContent);
  ASSERT_EQ(writer_.run(rows(20, 100)), SQLITE_OK);
  EXPECT_FALSE(writer_.checkpoint());
  EXPECT_GT(database_writes, 1) << "page by page";
  EXPECT_EQ(held.ask(kContent), before);
  EXPECT_EQ(Connection(directory_.file("t.db")).ask(kContent), writer_.ask(kContent));
  EXPECT_EQ(content_after_a_crash(), writer_.ask(kContent));
}

TEST_F(GatheredWrites, AWalkReadsAFewLargePieces) {
  ASSERT_EQ(writer_.run(rows(1, 4000)), SQLITE_OK);
  ASSERT_TRUE(writer_.checkpoint());
  Connection reader(directory_.file("t.db"));
  ASSERT_EQ(reader.run("PRAGMA cache_size = 20"), SQLITE_OK);
  const auto reads_of = [&](const std::string& sql) {
    database_reads = 0;
    (void)reader.ask(sql);
    return database_reads.load();
  };
  const int pages = std::stoi(reader.ask("PRAGMA page_count"));
  ASSERT_GT(pages, 400);
  EXPECT_LT(reads_of(kContent), pages / 8);
  EXPECT_LT(reads_of("SELECT text FROM t WHERE id = 3000"), 4) << "what is not walked is not read";
}

// One that is long enough for the thread that reads ahead, with pages in the log between and another reader
// beside.
TEST_F(GatheredWrites, ALongWalkSeesWhatIsThere) {
  for (int i = 0; i < 10; ++i) ASSERT_EQ(writer_.run(rows(1 + i * 4000, 4000)), SQLITE_OK);
  ASSERT_TRUE(writer_.checkpoint());
  ASSERT_EQ(writer_.run("PRAGMA cache_size = 20"), SQLITE_OK);
  const int pages = std::stoi(writer_.ask("PRAGMA page_count"));
  ASSERT_GT(pages, 4000);
  for (const int changed : {0, 1, 37, 500}) {
    for (int i = 1; i <= changed; ++i) ASSERT_EQ(writer_.run(rows(i * 70, 1)), SQLITE_OK);
    Connection reader(directory_.file("t.db"), SQLITE_OPEN_READONLY), other(directory_.file("t.db"));
    ASSERT_EQ(reader.run("PRAGMA cache_size = 20; BEGIN"), SQLITE_OK);
    const std::string content = writer_.ask(kContent);
    database_reads = 0;
    EXPECT_EQ(reader.ask(kContent), content);
    if (changed == 0) {
      EXPECT_LT(database_reads, pages / 8);
    }
    EXPECT_EQ(other.ask("SELECT max(id), count(*) FROM t"), writer_.ask("SELECT max(id), count(*) FROM t"));
    // It stops in the middle of a walk.
    EXPECT_EQ(reader.ask("SELECT count(*) FROM (SELECT text FROM t NOT INDEXED LIMIT 20000) WHERE text > ''"),
              "20000");
    ASSERT_EQ(reader.run("COMMIT"), SQLITE_OK);
  }
}

// The reader's walk stops in the middle: what it read ahead is of its view, whatever is written to the file
// meanwhile.
TEST_F(GatheredWrites, AWalkSeesItsOwnView) {
  ASSERT_EQ(writer_.run(rows(1, 4000)), SQLITE_OK);
  ASSERT_TRUE(writer_.checkpoint());
  Connection reader(directory_.file("t.db"));
  ASSERT_EQ(reader.run("PRAGMA cache_size = 20; BEGIN"), SQLITE_OK);
  const std::string before = writer_.ask(kContent);
  const auto half = [&](const char* condition) {
    return reader.ask("SELECT total(length(text) * unicode(substr(text, 7)) * (id % 1009)) FROM t WHERE " +
                      std::string(condition));
  };
  const std::string first = half("id < 2000");
  const std::string second =
      Connection(directory_.file("t.db"))
          .ask("SELECT total(length(text) * unicode(substr(text, 7)) * (id % 1009)) FROM t WHERE id >= 2000");
  ASSERT_EQ(writer_.run(rows(1, 4000)), SQLITE_OK);
  (void)writer_.checkpoint();  // as far as the reader lets it
  EXPECT_EQ(half("id >= 2000"), second);
  EXPECT_EQ(half("id < 2000"), first);
  EXPECT_EQ(reader.ask(kContent), before);
  ASSERT_EQ(reader.run("COMMIT"), SQLITE_OK);
  ASSERT_TRUE(writer_.checkpoint());
  EXPECT_EQ(reader.ask(kContent), writer_.ask(kContent));
  EXPECT_NE(reader.ask(kContent), before);
}

// Transactions of any size, of which the cache holds few pages, undone or not, with checkpoints that readers
// hold back or not, and a disk that is full at times: what was committed is in the files. Without savepoints
// that are undone: SQLite 3.40 leaves wrong checksums then in a log that it wrote to before the commit, with
// and without this layer.
TEST_F(GatheredWrites, WhatWasCommittedIsInTheFilesAfterAnyHistory) {
  std::mt19937 dice(7);
  const auto roll = [&](int sides) { return static_cast<int>(dice() % static_cast<unsigned>(sides)); };
  std::unique_ptr<Connection> reader;
  std::string committed = writer_.ask(kContent), seen;
  for (int i = 0; i < 400; ++i) {
    if (roll(6) == 0) {
      reader = std::make_unique<Connection>(directory_.file("t.db"));
      ASSERT_EQ(reader->run("BEGIN"), SQLITE_OK);
      seen = reader->ask(kContent);
      ASSERT_EQ(seen, committed);
    }
    if (roll(5) == 0) reader.reset();
    is_full = roll(10) == 0;
    std::string sql = "BEGIN;";
    for (int part = roll(4); part >= 0; --part) {
      sql += rows(roll(1000), 1 + roll(150));
      if (roll(4) == 0) sql += "DELETE FROM t WHERE id % 3 = 0;";
    }
    sql += roll(6) == 0 ? "ROLLBACK;" : "COMMIT;";
    if (writer_.run(sql) != SQLITE_OK) (void)writer_.run("ROLLBACK");
    if (roll(3) == 0) (void)writer_.checkpoint();
    is_full = false;
    committed = writer_.ask(kContent);
    if (reader) {
      ASSERT_EQ(reader->ask(kContent), seen);
    }
    ASSERT_EQ(Connection(directory_.file("t.db")).ask(kContent), committed);
    if (i % 4 == 0) {
      ASSERT_EQ(content_after_a_crash(), committed) << i;
    }
  }
}

}  // namespace
}  // namespace muster::sqlite
