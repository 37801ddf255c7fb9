#include "store/sqlite/open.h"

#include <atomic>
#include <filesystem>
#include <mutex>

#include "base/fair_mutex.h"
#include "base/guarded.h"
#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/damage.h"
#include "store/sqlite/disk/data_directory.h"
#include "store/sqlite/disk/lock_file.h"
#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/storage_trouble.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

constexpr int kApplicationId = 0x4D555354;  // "MUST"; tells our file from another program's
// "Must": before the first release, when the schema changed with every few commits
constexpr int kUnreleasedId = 0x4D757374;
constexpr std::int64_t kSchemaVersion = 1;
constexpr size_t kRestingReaders = 8;  // read connections kept open
// WAL pages after which the writer copies them into the database: 32 MB. What changes again and again, as a table's last
// page does, is copied once for many commits.
constexpr int kCheckpointPages = 8000;

// SQLite 3.40 (Debian 12) lacks the fix of the WAL-reset race of 3.51.3: a checkpoint by one connection while another
// commits may lose the commit. So one connection does all commits and all checkpoints, readers are read-only and do
// not checkpoint when they close, and the lock file keeps other processes out.
//
// synchronous=FULL: a commit is on the disk when it returns. One fsync a page of 1,000 devices costs little beside
// Apple's answer, and what a person was told is saved survives a power cut.
constexpr const char* kWriterSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA "
    "foreign_keys = ON;"
    "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"
    "PRAGMA secure_delete = ON;"  // pages that are free again, too: rows of accounts with their secrets move
    "PRAGMA cell_size_check = ON;";
constexpr const char* kReaderSettings =
    "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;"
    "PRAGMA cell_size_check = ON;";
// Its temporary tables go into a file when they are large: a million notes do not belong in memory.
constexpr const char* kTryOutSettings =
    "PRAGMA cache_size = -2048; PRAGMA temp_store = FILE; PRAGMA cell_size_check = ON;";

Result<std::int64_t> pragma_number(Database& database, Sql sql) {
  MUSTER_TRY(const auto value, database.first(sql, [](const Row& row) { return row.integer(0); }));
  return value.value_or(0);
}

// Gives the version of the schema, 0 for a new database. Changes nothing.
Result<std::int64_t> check_schema(Database& database) {
  MUSTER_TRY(const auto version, pragma_number(database, "PRAGMA user_version"));
  MUSTER_TRY(const auto application, pragma_number(database, "PRAGMA application_id"));
  if (application == kUnreleasedId)
    return failure(
        Code::conflict, "the database was made by a muster from before the first release",
        "Nothing was changed. Start over: save its rules with `mdmctl get config` and the muster that made it, "
        "move muster.db and muster.lock out of the directory, and start this one; it reads the devices from Apple "
        "again. Then apply the token and the rules");
  if (version != 0 && application != kApplicationId)
    return failure(Code::conflict, "muster.db is the database of another program");
  if (version > kSchemaVersion)
    return failure(
        Code::conflict,
        "the database has schema " + std::to_string(version) + ", and this muster knows only up to " +
            std::to_string(kSchemaVersion),
        "It was written by a newer muster: run that one, or restore a backup made before the upgrade");
  return version;
}

// What a release changes comes as a numbered step behind this, from the first one on.
Result<> bring_up_to_date(Database& database, std::int64_t version) {
  if (version == kSchemaVersion) return {};
  auto done = database.script("BEGIN IMMEDIATE;" + std::string(schema()) +
                              "PRAGMA user_version = " + std::to_string(kSchemaVersion) +
                              ";PRAGMA application_id = " + std::to_string(kApplicationId) + ";COMMIT;");
  if (!done) {
    (void)database.script("ROLLBACK");
    return failure(done.error().while_doing("making the database"));
  }
  log::info("store.schema", {{"version", kSchemaVersion}});
  return {};
}

class SqliteStore final : public Store {
 public:
  SqliteStore(LockFile lock, std::string directory, std::string path, std::unique_ptr<Database> writer,
              std::unique_ptr<KeptCounts> counts, std::unique_ptr<Serials> serials)
      : lock_(std::move(lock)),
        directory_(std::move(directory)),
        path_(std::move(path)),
        writer_(std::move(writer)),
        counts_(std::move(counts)),
        serials_(std::move(serials)) {
    sqlite3_wal_hook(
        writer_->handle(),
        [](void* self, sqlite3*, const char*, int pages) {
          static_cast<SqliteStore*>(self)->wal_pages_ = pages;
          return SQLITE_OK;
        },
        this);
  }

  std::uint64_t revision() const override { return revision_; }

  std::optional<Error> trouble() const override { return trouble_.present(); }

  Result<Copy> make_copy() override {
    MUSTER_TRY(auto place, take_copys_place());
    std::error_code ignored;
    MUSTER_TRY(check_room(directory_, std::filesystem::file_size(path_, ignored)));
    MUSTER_TRY(auto source, take_reader());
    MUSTER_TRY(auto file, copy_database(*source, directory_));
    rest(std::move(source));
    return Copy{std::move(file), std::move(place)};
  }

 private:
  Result<> do_read(const std::function<void(Reader&)>& fn) override {
    MUSTER_TRY(auto database, take_reader());
    database->begin_view();
    MUSTER_TRY(begin_view(*database));
    SqliteReader reader(*database);
    fn(reader);
    MUSTER_TRY(database->run("COMMIT"));
    database->end_view();
    database->show_recent({});
    rest(std::move(database));
    return {};
  }

  // By a connection of its own, which takes what was written along when it is closed.
  Result<> do_try_out(const std::function<void(Writer&)>& fn) override {
    const std::lock_guard lock(try_out_mutex_);
    MUSTER_TRY(const auto database, open_reader(kTryOutSettings));
    MUSTER_TRY(const auto counts, KeptCounts::attach(*database));
    MUSTER_TRY(begin_view(*database));
    Serials serials;
    ListOrder order;
    Shadows shadows(*database);
    SqliteWriter writer(*database, serials, order, *counts, &shadows);
    fn(writer);
    return {};
  }

  // One view for all that is asked, of the file and of the recent serials. It is too old at once when the thread has slept
  // between the two for so long that tens of thousands of devices came meanwhile.
  Result<> begin_view(Database& reader) {
    for (;;) {
      MUSTER_TRY(reader.run("BEGIN"));
      MUSTER_TRY(const auto last, last_indexed(reader));
      if (auto recent = serials_->recent(last)) {
        reader.show_recent(std::move(*recent));
        return {};
      }
      MUSTER_TRY(reader.run("COMMIT"));
    }
  }

  Result<> do_write(Durability durability, const std::function<bool(Writer&)>& fn) override {
    std::lock_guard lock(write_mutex_);
    const StorageTrouble::Watch watch(trouble_, *writer_);
    MUSTER_TRY(be(durability));
    MUSTER_TRY(writer_->run("BEGIN IMMEDIATE"));
    const Undoing undoing(*writer_);
    counts_->forget();  // of a transaction that was undone
    serials_->begin(*writer_);
    writer_->dictionaries().begin();
    writer_->begin_view();
    SqliteWriter writer(*writer_, *serials_, order_, *counts_);
    const long long failed_before = writer_->failed_writes();
    const bool is_to_be_kept = fn(writer);
    writer_->end_view();
    if (!is_to_be_kept) return undo();
    MUSTER_TRY(commit(failed_before));
    trouble_.end();
    if (counts_->touched())
      ++revision_;  // behind the commit: who read before it must not be given the new number
    kill_point("commit.after");
    if (writer.has_replaced_secrets()) is_log_to_be_emptied_ = true;
    if (is_log_to_be_emptied_) {
      empty_log();
    } else if (wal_pages_ >= kCheckpointPages) {
      // A reader under way may hold it back; the next commit tries again.
      sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    return {};
  }

  // What was replaced is in the log until other frames are written over it. A reader under way holds this back: the next
  // commit tries again, rather than waiting for it here.
  void empty_log() {
    sqlite3_busy_timeout(writer_->handle(), 0);
    is_log_to_be_emptied_ = sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                                      nullptr, nullptr) != SQLITE_OK;
    sqlite3_busy_timeout(writer_->handle(), Database::kBusyTimeoutMs);
  }

  // Undoes a transaction that something ended before its end, an error or an exception: else the next one could not begin.
  class Undoing {
   public:
    explicit Undoing(Database& writer) : writer_(writer) {}
    ~Undoing() {  // without our own functions, which may throw
      if (!sqlite3_get_autocommit(writer_.handle()))
        sqlite3_exec(writer_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }

   private:
    Database& writer_;
  };

  // Without FULL the log is synced before it is merged, not at each commit: its frames stay in order all the same, so that
  // what a power loss takes is always its end.
  Result<> be(Durability durability) {
    if (durability == durability_) return {};
    MUSTER_TRY(writer_->script(durability == Durability::now ? "PRAGMA synchronous = FULL"
                                                             : "PRAGMA synchronous = NORMAL"));
    durability_ = durability;
    return {};
  }

  Result<> commit(long long failed_before) {
    // Its rows were counted, and undone with it.
    if (writer_->failed_writes() != failed_before)
      return failure(Code::internal, "a write failed, and nothing of its transaction was kept");
    MUSTER_TRY(counts_->settle());
    kill_point("commit.before");
    serials_->publish();
    auto committed = writer_->run("COMMIT");
    serials_->commit(committed.has_value());
    if (committed) writer_->dictionaries().committed();
    return committed;
  }

  // After some errors SQLite has rolled back by itself; then there is nothing left to undo.
  Result<> undo() {
    return sqlite3_get_autocommit(writer_->handle()) ? Result<>() : writer_->run("ROLLBACK");
  }

  Result<std::unique_ptr<Database>> take_reader() {
    auto resting = readers_.with([](auto& readers) -> std::unique_ptr<Database> {
      if (readers.empty()) return nullptr;
      auto last = std::move(readers.back());
      readers.pop_back();
      return last;
    });
    if (resting) return resting;
    return open_reader(kReaderSettings);
  }

  Result<std::unique_ptr<Database>> open_reader(const char* settings) {
    MUSTER_TRY(auto database, Database::open(path_, Database::Mode::read_only));
    sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    MUSTER_TRY(database->script(settings));
    return database;
  }

  Result<std::shared_ptr<const void>> take_copys_place() {
    return copy_.with([](auto& present) -> Result<std::shared_ptr<const void>> {
      if (!present.expired())
        return failure(Code::busy, "another backup is on its way already",
                       "One is made at a time: ask again when that one is done");
      const std::shared_ptr<const void> place = std::make_shared<int>();
      present = place;
      return place;
    });
  }

  void rest(std::unique_ptr<Database> reader) {
    readers_.with([&](auto& resting) {
      if (resting.size() < kRestingReaders) resting.push_back(std::move(reader));
    });
  }

  // Destroyed last to first: readers, then the writer (which checkpoints), then the lock.
  const LockFile lock_;
  const std::string directory_;
  const std::string path_;
  FairMutex write_mutex_;                     // one transaction at a time, in order
  FairMutex try_out_mutex_;                   // each copies tables
  const std::unique_ptr<Database> writer_;    // guarded by write_mutex_
  Durability durability_ = Durability::now;   // guarded by write_mutex_
  const std::unique_ptr<KeptCounts> counts_;  // guarded by write_mutex_
  const std::unique_ptr<Serials> serials_;    // guarded by write_mutex_, but for recent()
  ListOrder order_;                           // guarded by write_mutex_
  std::atomic<std::uint64_t> revision_ = 0;
  int wal_pages_ = 0;                  // guarded by write_mutex_; pages in the WAL after the last commit
  bool is_log_to_be_emptied_ = false;  // guarded by write_mutex_
  StorageTrouble trouble_;
  Guarded<std::vector<std::unique_ptr<Database>>> readers_;  // those not in use
  Guarded<std::weak_ptr<const void>> copy_;                  // the place of the one under way
};

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& config_path) {
  MUSTER_TRY(const std::string directory, prepare_data_directory(config_path));
  MUSTER_TRY(auto lock, LockFile::acquire(directory + "/muster.lock"));

  remove_old_copies(directory);

  const std::string path = directory + "/muster.db";
  MUSTER_TRY(check_not_lost(lock.database_was_made(), path));
  MUSTER_TRY(
      lock.lock_database(path));  // and makes it, for this user only: SQLite's other files get its mode
  auto writer = Database::open(path, Database::Mode::read_write);
  if (!writer) return failure(std::move(writer).error());
  const auto in_database = [&](Error e) { return failure(e.while_doing(path)); };
  // Until it is known to be ours and sound nothing is written, nor the log merged into it.
  sqlite3_db_config((*writer)->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  MUSTER_TRY(look_for_damage(**writer, path));
  const auto version = check_schema(**writer);
  if (!version) return in_database(version.error());
  sqlite3_db_config((*writer)->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  if (auto set = (*writer)->script(kWriterSettings); !set) return in_database(set.error());
  if (auto current = bring_up_to_date(**writer, *version); !current) return in_database(current.error());
  auto counts = KeptCounts::attach(**writer);
  if (!counts) return in_database(counts.error());
  auto serials = std::make_unique<Serials>();
  if (auto loaded = serials->load(**writer); !loaded) return in_database(loaded.error());
  MUSTER_TRY(lock.say_database_was_made());
  return std::make_unique<SqliteStore>(std::move(lock), directory, path, std::move(*writer),
                                       std::move(*counts), std::move(serials));
}

}  // namespace muster::sqlite
