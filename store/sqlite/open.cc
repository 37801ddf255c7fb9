#include "store/sqlite/open.h"

#include <atomic>
#include <filesystem>
#include <mutex>

#include "base/fair_mutex.h"
#include "base/guarded.h"
#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/threads/contain.h"
#include "store/sealing.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/own_key.h"
#include "store/sqlite/storage_watch.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

constexpr size_t kRestingReaders = 8;  // read connections kept open
// WAL pages after which the writer copies them into the database: 32 MB. What changes again and again, as a
// table's last page does, is copied once for many commits.
constexpr int kCheckpointPages = 8000;

constexpr const char* kReaderSettings =
    "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;"
    "PRAGMA cell_size_check = ON;";
// Its temporary tables go into a file when they are large: a million notes do not belong in memory.
constexpr const char* kTryOutSettings =
    "PRAGMA cache_size = -2048; PRAGMA temp_store = FILE; PRAGMA cell_size_check = ON;";

class SqliteStore final : public Store, public CopyMaker {
 public:
  SqliteStore(DatabaseFile file, Keyring keyring, std::unique_ptr<KeptCounts> counts,
              std::unique_ptr<Serials> serials)
      : keyring_(std::move(keyring)),
        lock_(std::move(file.lock)),
        directory_(std::move(file.directory)),
        path_(std::move(file.path)),
        writer_(std::move(file.writer)),
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

  // The next start reads the devices whose serials are not in the index.
  ~SqliteStore() override {
    if (!serials_->are_many()) return;
    (void)contain(Place::run, [this] {
      return do_write(installation, Durability::now,
                      [this](Writer&, Run) { return serials_->index_all(*writer_).has_value(); });
    });
  }

  std::uint64_t revision() const override { return revision_; }
  std::uint64_t key_revision() const override { return key_revision_; }

  std::optional<Error> trouble() const override { return trouble_.present(); }

  // Nobody else has the file open: the schema is what it was at the start.
  Result<> check() override {
    return read([](Reader& reader) { return reader.account(kDefaultAccount); }).map([](const auto&) {});
  }

  /// Seals what is in plain, before anybody else uses the store.
  Result<> seal() {
    return Sealing::begin(*this, [this] { return overwrite(); });
  }

  CopyMaker* copies() override { return this; }

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
  Result<> do_read(FunctionRef<void(Reader&)> fn) override {
    MUSTER_TRY(auto database, take_reader());
    database->begin_view();
    MUSTER_TRY(begin_view(*database));
    SqliteReader reader(*database, keyring_);
    fn(reader);
    MUSTER_TRY(database->run("COMMIT"));
    database->end_view();
    database->show_recent({});
    rest(std::move(database));
    return {};
  }

  // By a connection of its own, which takes what was written along when it is closed.
  Result<> do_try_out(FunctionRef<void(Writer&)> fn) override {
    const std::lock_guard lock(try_out_mutex_);
    MUSTER_TRY(const auto database, open_reader(kTryOutSettings));
    MUSTER_TRY(const auto counts, KeptCounts::attach(*database));
    MUSTER_TRY(begin_view(*database));
    Serials serials;
    ListOrder order;
    Shadows shadows(*database);
    SqliteWriter writer(*database, keyring_, serials, order, *counts, &shadows);
    fn(writer);
    return {};
  }

  // One view for all that is asked, of the file and of the recent serials. It is too old at once when the
  // thread has slept between the two for so long that tens of thousands of devices came meanwhile.
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

  // There is one writer, whatever it concerns. It runs a function twice only when it is a patient one's.
  Result<> do_write(WriteScope scope, Durability durability, WriteFunction fn) override {
    std::optional<StorageTrouble::Waiting> waiting;
    for (;;) {
      bool is_trouble = false;
      const auto is_kept = write_once(scope, durability, fn, waiting.has_value(), is_trouble);
      if (is_trouble && scope.is_patient() && !(is_kept && *is_kept)) {
        if (!waiting) waiting.emplace(trouble_);
        if (waiting->may_try_again()) continue;
      }
      if (!is_kept) return failure(is_kept.error());
      return {};
    }
  }

  // Gives false when all was undone. `is_trouble`: whether the machine could not store it.
  Result<bool> write_once(const WriteScope& scope, Durability durability, WriteFunction fn, bool has_waited,
                          bool& is_trouble) {
    std::lock_guard lock(write_mutex_);
    const StorageWatch watch(trouble_, *writer_, is_trouble);
    MUSTER_TRY(be(durability));
    MUSTER_TRY(writer_->run("BEGIN IMMEDIATE"));
    const Undoing undoing(*writer_);
    counts_->forget();  // of a transaction that was undone
    serials_->begin(*writer_);
    writer_->dictionaries().begin();
    writer_->begin_view();
    SqliteWriter writer(*writer_, keyring_, *serials_, order_, *counts_);
    if (scope.epoch()) MUSTER_TRY(writer.check_epoch(scope.account(), *scope.epoch()));
    const long long failed_before = writer_->failed_writes();
    const auto changes_before = sqlite3_total_changes64(writer_->handle());
    const bool is_to_be_kept = fn(writer, scope.is_patient() ? Run::may_repeat : Run::last);
    writer_->end_view();
    if (!is_to_be_kept) {
      MUSTER_TRY(undo());
      return false;
    }
    MUSTER_TRY(commit(failed_before));
    // One that changed nothing says nothing about the disk.
    if (sqlite3_total_changes64(writer_->handle()) != changes_before) trouble_.end(has_waited);
    if (counts_->touched())
      ++revision_;  // behind the commit: who read before it must not be given the new number
    if (writer.has_changed_keys()) ++key_revision_;
    kill_point("commit.after");
    if (writer.has_replaced_secrets()) is_log_to_be_emptied_ = true;
    if (is_log_to_be_emptied_) {
      empty_log();
    } else if (wal_pages_ >= kCheckpointPages) {
      // A reader under way may hold it back; the next commit tries again.
      sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    return true;
  }

  // What was replaced is in the log until other frames are written over it. A reader under way holds this
  // back: the next commit tries again, rather than waiting for it here.
  void empty_log() {
    sqlite3_busy_timeout(writer_->handle(), 0);
    is_log_to_be_emptied_ = sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                                      nullptr, nullptr) != SQLITE_OK;
    sqlite3_busy_timeout(writer_->handle(), Database::kBusyTimeoutMs);
  }

  // Rewrites the whole file and truncates the log: pages, and gaps in pages, may still hold the old content.
  // Uses a connection of its own, as the writer keeps temporary tables in memory.
  Result<> overwrite() {
    kill_point("overwrite.before");
    const std::lock_guard lock(write_mutex_);
    std::error_code ignored;
    MUSTER_TRY(check_room(directory_, 2 * std::filesystem::file_size(path_, ignored)));
    MUSTER_TRY(const auto database, Database::open(path_, Database::Mode::read_write));
    MUSTER_TRY(database->script("PRAGMA temp_store = FILE; PRAGMA secure_delete = ON; VACUUM"));
    kill_point("overwrite.vacuumed");
    MUSTER_TRY(const auto busy, database->first("PRAGMA wal_checkpoint(TRUNCATE)",
                                                [](const Row& row) { return row.integer(0) != 0; }));
    if (busy.value_or(true))
      return failure(Code::busy, "the log of " + path_ + " cannot be emptied: it is in use");
    kill_point("overwrite.after");
    return {};
  }

  // Undoes a transaction that something ended before its end, an error or an exception: else the next one
  // could not begin.
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

  // Without FULL the log is synced before it is merged, not at each commit: its frames stay in order all the
  // same, so that what a power loss takes is always its end.
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

  const Keyring keyring_;
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
  std::atomic<std::uint64_t> revision_ = 0, key_revision_ = 0;
  int wal_pages_ = 0;                  // guarded by write_mutex_; pages in the WAL after the last commit
  bool is_log_to_be_emptied_ = false;  // guarded by write_mutex_
  StorageTrouble trouble_;
  Guarded<std::vector<std::unique_ptr<Database>>> readers_;  // those not in use
  Guarded<std::weak_ptr<const void>> copy_;                  // the place of the one under way
};

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& config_path, Keyring keyring) {
  MUSTER_TRY(auto file, open_database_file(config_path));
  const auto in_database = [&](Error e) { return failure(e.while_doing(file.path)); };
  auto counts = KeptCounts::attach(*file.writer);
  if (!counts) return in_database(counts.error());
  auto serials = std::make_unique<Serials>();
  if (auto loaded = serials->load(*file.writer); !loaded) return in_database(loaded.error());
  if (auto added = add_own_key(keyring, file.directory, *file.writer); !added)
    return in_database(added.error());
  const std::string path = file.path;
  auto store = std::make_unique<SqliteStore>(std::move(file), std::move(keyring), std::move(*counts),
                                             std::move(serials));
  if (auto sealed = store->seal(); !sealed) return failure(sealed.error().while_doing(path));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace muster::sqlite
