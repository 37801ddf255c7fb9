#include "store/sqlite/database_file.h"

#include "base/log/log.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/damage.h"
#include "store/sqlite/disk/data_directory.h"
#include "store/sqlite/schema.h"

namespace muster::sqlite {
namespace {

constexpr int kApplicationId = 0x4D555354;  // "MUST"; tells our file from another program's
// "Must": before the first release, when the schema changed with every few commits
constexpr int kUnreleasedId = 0x4D757374;
constexpr std::int64_t kSchemaVersion = 9;

// SQLite 3.40 (Debian 12) lacks the fix of the WAL-reset race of 3.51.3: a checkpoint by one connection while
// another commits may lose the commit. So one connection does all commits and all checkpoints, readers are
// read-only and do not checkpoint when they close, and the lock file keeps other processes out.
//
// synchronous=FULL: a commit is on the disk when it returns. One fsync a page of 1,000 devices costs little
// beside Apple's answer, and what an operator was told is saved survives a power failure.
constexpr const char* kWriterSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA "
    "foreign_keys = ON;"
    "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"
    "PRAGMA secure_delete = ON;"  // pages that are free again, too: rows of accounts with their secrets move
    "PRAGMA cell_size_check = ON;";

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

// Since 7, devices are counted by rule, too, and no number of a rule is used again.
void add_step_7(std::string& steps) {
  const auto add = [&](std::string_view sql) { steps += sql; };
  add(schema_part("services"));
  add(schema_part("enrollments"));
  add(schema_part("replacements"));
  add(schema_part("day_counts"));
  add(schema_part("sessions"));
  add("ALTER TABLE kept_count RENAME TO earlier_count;");
  add(schema_part("counts"));
  add("INSERT INTO kept_count SELECT account, kind, part, 0, number FROM earlier_count WHERE kind <> 3; "
      "INSERT INTO kept_count SELECT account, 3, profile, iif(desired_by = 1, desired_rule, 0), count(*) FROM "
      "device WHERE tombstone_at IS NULL GROUP BY 1, 2, 3, 4; DROP TABLE earlier_count;");
  add("DROP TRIGGER config_rule_added; DROP TRIGGER config_rule_changed; DROP TRIGGER config_rule_removed; "
      "DROP INDEX rule_name; ALTER TABLE rule RENAME TO earlier_rule;");
  add(schema_part("rules"));
  add("INSERT INTO rule SELECT *, 0 FROM earlier_rule; DROP TABLE earlier_rule;");
}

// What a release changes comes as a numbered step.
std::string steps_from(std::int64_t version) {
  if (version == 0) return std::string(schema());
  std::string steps;
  const auto add = [&](std::string_view part) { steps += schema_part(part); };
  if (version < 2) add("sealing");
  if (version < 3) add("keys"), add("audit");
  if (version < 4) add("feed");
  if (version < 5) add("receivers"), add("locks");
  if (version < 6) steps += "ALTER TABLE account ADD COLUMN taken_over_since INTEGER;";
  if (version < 7) add_step_7(steps);
  if (version < 8) add("gone");
  // 9 changes PostgreSQL's schema alone.
  return steps;
}

Result<> bring_up_to_date(Database& database, std::int64_t version) {
  if (version == kSchemaVersion) return {};
  auto done = database.script("BEGIN IMMEDIATE;" + steps_from(version) +
                              "PRAGMA user_version = " + std::to_string(kSchemaVersion) +
                              ";PRAGMA application_id = " + std::to_string(kApplicationId) + ";COMMIT;");
  if (!done) {
    (void)database.script("ROLLBACK");
    return failure(done.error().while_doing("making the tables"));
  }
  log::info("store.schema", {{"version", kSchemaVersion}});
  return {};
}

}  // namespace

Result<DatabaseFile> open_database_file(const std::string& config_path) {
  MUSTER_TRY(std::string directory, prepare_data_directory(config_path));
  MUSTER_TRY(auto lock, LockFile::acquire(directory + "/muster.lock"));

  remove_old_copies(directory);

  std::string path = directory + "/" + kDatabaseName;
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
  MUSTER_TRY(lock.say_database_was_made());
  return DatabaseFile{std::move(lock), std::move(directory), std::move(path), std::move(*writer)};
}

}  // namespace muster::sqlite
