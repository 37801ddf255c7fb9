#include "store/sqlite/engine/database.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/threads/wanted.h"
#include "store/sqlite/disk/gathered_writes.h"
#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/engine/functions.h"
#include "store/sqlite/engine/recent_table.h"

namespace muster::sqlite {
namespace {

// Of the processor. A filter of ordinary length takes a second or two over a million devices; the longest
// that there may be, twenty.
constexpr std::chrono::seconds kBuiltLimit{10};
constexpr int kStepsBetweenLooks =
    20'000;  // of SQLite's machine: a millisecond, or some where each calls a filter

// SQLite counts every byte it has, behind one lock for all connections. Nobody asks for that count.
void count_no_memory() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)once;  // too late when somebody used SQLite before: then it counts on
}

// Of the last call of the system that failed; 0 when nobody knows. SQLite itself forgets that of a commit.
int system_error(sqlite3* handle) {
  int number = sqlite3_system_errno(handle);
  sqlite3_file* log = nullptr;
  if (number == 0 && sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log && log->pMethods)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

// By the system's number for the reason.
Error storage_error(Error error, int number) {
  error.code = Code::storage;
  switch (number) {
    case ENOSPC: error.hint = "Free some space on the disk of the data directory"; break;
    case EDQUOT: error.hint = "Raise the quota of the server's user, or free some of it"; break;
    case EFBIG:
      error.hint =
          "Raise the limit of the size of files below which the server runs (ulimit -f, LimitFSIZE=)";
      break;
    case EMFILE:
    case ENFILE: error.hint = "Raise the limit of open files (ulimit -n, LimitNOFILE=)"; break;
    case EACCES:
    case EPERM:
    case EROFS: error.hint = "Check the owner and the rights of the data directory and its files"; break;
    default: error.hint = "The disk of the data directory reports errors"; break;
  }
  return error;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
  count_no_memory();
  std::unique_ptr<Database> database(new Database);
  database->mode_ = mode;
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (sqlite3_open_v2(path.c_str(), &database->handle_, flags, gathering_vfs()) != SQLITE_OK)
    return failure(database->last_error().while_doing("cannot open the database " + path));
  sqlite3_busy_timeout(database->handle_, kBusyTimeoutMs);
  sqlite3_db_config(database->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Else SQLite looks at values to see whether a partial index may be used, and prepares such a statement
  // again for each other value.
  sqlite3_db_config(database->handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  // However long a statement takes, it ends when nobody wants it any more.
  sqlite3_progress_handler(
      database->handle_, kStepsBetweenLooks,
      [](void* self) { return static_cast<Database*>(self)->should_go_on() ? 0 : 1; }, database.get());
  add_functions(database->handle_);
  add_given_table(database->handle_, &database->given_);
  add_recent_table(database->handle_, &database->recent_);
  return database;
}

Database::Database() : dictionaries_(std::make_unique<Dictionaries>(*this)) {}

Database::~Database() {
  built_.clear();
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Result<> Database::script(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(last_error());
  return {};
}

Result<sqlite3_stmt*> Database::prepare(Sql text) {
  const std::string_view sql = text.text();
  if (const auto known = statements_.find(sql.data()); known != statements_.end()) return known->second;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &statement, nullptr) != SQLITE_OK)
    return failure(last_error());
  statements_.emplace(sql.data(), statement);
  return statement;
}

void Database::limit_time() {
  if (!limit_) limit_.emplace(kBuiltLimit);
}

bool Database::should_go_on() const {
  if (!Wanted::still(mode_ == Mode::read_write)) return false;
  return !limit_ || !limit_->is_reached();
}

Result<Database::BuiltUse> Database::begin_built(const std::string& sql) {
  const auto known =
      std::find_if(built_.begin(), built_.end(), [&](const Built& built) { return built.sql == sql; });
  if (known != built_.end()) {
    Built built = std::move(*known);
    built_.erase(known);
    return BuiltUse(built_, std::move(built));
  }
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr) !=
      SQLITE_OK)
    return failure(last_error());
  return BuiltUse(built_, {sql, std::unique_ptr<sqlite3_stmt, Finalize>(statement)});
}

Result<bool> Database::step(sqlite3_stmt* statement) {
  switch (sqlite3_step(statement)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default:
      if (!sqlite3_stmt_readonly(statement)) ++failed_writes_;
      return failure(last_error());
  }
}

Result<> Database::check() {
  if (sqlite3_errcode(handle_) == SQLITE_OK) return {};
  return failure(last_error());
}

std::optional<Error> Database::take_storage_error() { return std::exchange(storage_error_, std::nullopt); }

Error Database::last_error() {
  const int code = sqlite3_extended_errcode(handle_);
  if (code == SQLITE_INTERRUPT && !Wanted::still(mode_ == Mode::read_write))
    return {Code::cancelled, "stopped before it was done", "", {}};
  if (code == SQLITE_INTERRUPT)
    return {Code::too_large, "the filters take too long over so many devices", "Make them shorter", {}};
  const char* file = handle_ ? sqlite3_db_filename(handle_, "main") : nullptr;
  Error error{Code::internal,
              std::string("the database ") + (file ? file : "") + " failed: " + sqlite3_errmsg(handle_), ""};
  switch (code & 0xFF) {
    case SQLITE_FULL: error = storage_error(std::move(error), ENOSPC); break;
    case SQLITE_READONLY:
    case SQLITE_PERM: error = storage_error(std::move(error), EACCES); break;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: {
      const int number = system_error(handle_);
      if (number != 0) error.message += std::string(": ") + std::strerror(number);
      const bool is_closed = number == 0 && (code & 0xFF) == SQLITE_CANTOPEN;
      error = storage_error(std::move(error), is_closed ? EACCES : number);
      break;
    }
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      error.hint = "The file is damaged: stop the server and restore a backup, see docs/backup.md";
      break;
    default: break;
  }
  if (error.code == Code::storage) storage_error_ = error;
  return error;
}

}  // namespace muster::sqlite
