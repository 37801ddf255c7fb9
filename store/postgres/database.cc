#include "store/postgres/database.h"

#include "base/log/log.h"
#include "base/text/encoding.h"
#include "store/postgres/schema.h"

namespace muster::postgres {
namespace {

constexpr int kOldestServer =
    140000;  // 14: its libpq has pipelines, and rows of transition tables cost little since
// "Must": the lock that a server holds while it looks at the schema
constexpr const char* kLock = "SELECT pg_advisory_xact_lock(1299542900)";

// Numbers in the text form that a script's answer has.
std::int64_t number_of(const Rows& rows) {
  return rows.size() == 0 ? 0 : std::atoll(rows[0].text(0).c_str());
}

Result<> check_server(Connection& db) {
  MUSTER_TRY(const auto version, db.script("SHOW server_version_num"));
  if (number_of(version) < kOldestServer)
    return failure(Code::invalid,
                   "the database server is PostgreSQL " + std::to_string(number_of(version) / 10000) +
                       "; muster needs 14 or newer",
                   "Upgrade the database server");
  MUSTER_TRY(const auto encoding, db.script("SHOW server_encoding"));
  if (encoding[0].text(0) != "UTF8")
    return failure(Code::invalid,
                   "the database " + db.place() + " has the encoding " + encoding[0].text(0) + ", not UTF8",
                   "Create it again: createdb -E UTF8 -T template0 NAME");
  return {};
}

// How long a pooler may take to pass a notification on.
constexpr Millis kNotification{5'000};

// A pooler must keep a session for a connection: statements stay prepared, and servers tell each other by
// notifications. It answers with a process that is not the server's; and where a connection has no session of
// its own, nobody gets what is notified while nothing is asked.
Result<> check_pooler(Connection& db, const ConnectionSettings& settings) {
  MUSTER_TRY(const auto process, db.script("SELECT pg_backend_pid()"));
  if (number_of(process) == db.process()) return {};
  const std::string channel = "\"muster " + random_uuid() + "\"";
  MUSTER_TRY(db.script("LISTEN " + channel));
  auto other =
      Connection::open({.url = settings.url, .statement_limit = kNotification, .patience = Millis{0}});
  if (!other) {
    Error why = std::move(other).error();
    why.hint = "Allow 26 connections for each server in the connection pooler (default_pool_size)";
    return failure(std::move(why));
  }
  MUSTER_TRY((*other)->script("NOTIFY " + channel));
  MUSTER_TRY(const bool is_kept, db.await_notification(kNotification));
  if (!is_kept)
    return failure(Code::invalid,
                   "the database " + db.place() +
                       " is behind a connection pooler that keeps no sessions (transaction mode)",
                   "Set pool_mode = session for the database in the pooler, or connect to PostgreSQL itself");
  MUSTER_TRY(db.script("UNLISTEN *"));
  return {};
}

// Whether a person may write there, before anything is: a standby answers reads.
Result<> check_writable(Connection& db) {
  MUSTER_TRY(const auto read_only, db.script("SHOW transaction_read_only"));
  if (read_only[0].text(0) == "off") return {};
  Fault fault = fault_of("25006", "the server cannot write");
  fault.error.message = "the database " + db.place() + " is read-only";
  return failure(fault.error);
}

// Since 7, devices are counted by rule, too.
void add_step_7(std::string& steps) {
  const auto add = [&](std::string_view sql) { steps += sql; };
  add(schema_part("services"));
  add(schema_part("enrollments"));
  add(schema_part("replacements"));
  add(schema_part("day_counts"));
  add(schema_part("sessions"));
  add("DROP FUNCTION keep_device_counts, keep_counts; DROP TYPE counted; "
      "ALTER TABLE kept_count RENAME TO earlier_count; ALTER INDEX kept_count_pkey RENAME TO earlier_count_pkey;");
  add(schema_part("counts"));
  add("INSERT INTO kept_count SELECT account, kind, profile, 0, number FROM earlier_count WHERE kind <> 3; "
      "INSERT INTO kept_count SELECT account, 3, profile, rule_of(desired_by, desired_rule), count(*) FROM "
      "device WHERE tombstone_at IS NULL GROUP BY 1, 2, 3, 4; DROP TABLE earlier_count;");
  add("ALTER TABLE rule ADD COLUMN enroll_within bigint NOT NULL DEFAULT 0;");
}

// What a release changes comes as a numbered step.
std::string steps_from(std::int64_t version) {
  const std::string current = std::to_string(kSchemaVersion);
  if (version == 0)
    return std::string(schema()) +
           "CREATE TABLE muster_schema (version bigint NOT NULL); INSERT INTO muster_schema VALUES (" +
           current + ")";
  std::string steps;
  const auto add = [&](std::string_view part) { steps += schema_part(part); };
  if (version < 2) add("sealing"), add("commit_marks");
  if (version < 3) add("keys"), add("audit");
  if (version < 4) add("feed");
  if (version < 5) add("receivers"), add("locks");
  if (version < 6) steps += "ALTER TABLE account ADD COLUMN taken_over_since bigint;";
  if (version < 7) add_step_7(steps);
  // 8 is an index of SQLite's alone.
  if (version < 9) add("renewal"), add("keep_counts"), add("row_versions");
  return steps + "UPDATE muster_schema SET version = " + current;
}

Result<> bring_up_to_date(Connection& db) {
  MUSTER_TRY(db.script("BEGIN"));
  MUSTER_TRY(db.script(kLock));
  MUSTER_TRY(const auto version, schema_version(db));
  MUSTER_TRY(check_schema_version(version));
  if (version < kSchemaVersion) MUSTER_TRY(db.script(steps_from(version)));
  MUSTER_TRY(db.script("COMMIT"));
  if (version < kSchemaVersion) log::info("store.schema", {{"version", kSchemaVersion}});
  return {};
}

}  // namespace

Result<> check_schema_version(std::int64_t version) {
  if (version <= kSchemaVersion) return {};
  return failure(Code::conflict,
                 "the database has schema " + std::to_string(version) +
                     ", and this muster knows only up to " + std::to_string(kSchemaVersion),
                 "It was written by a newer muster: run that one");
}

Result<std::int64_t> schema_version(Connection& db) {
  MUSTER_TRY(const auto table,
             db.script("SELECT count(*) FROM pg_class WHERE oid = to_regclass('muster_schema')"));
  if (number_of(table) == 0) return 0;
  MUSTER_TRY(const auto version, db.script("SELECT version FROM muster_schema"));
  return number_of(version);
}

Result<std::unique_ptr<Connection>> open_database(const ConnectionSettings& settings) {
  MUSTER_TRY(auto connection, Connection::open(settings));
  MUSTER_TRY(check_pooler(*connection, settings));
  MUSTER_TRY(check_server(*connection));
  MUSTER_TRY(check_writable(*connection));
  if (auto done = bring_up_to_date(*connection); !done)
    return failure(done.error().while_doing("the database " + connection->place()));
  return connection;
}

}  // namespace muster::postgres
