#include "store/sqlite/damage.h"

#include <chrono>
#include <filesystem>

namespace muster::sqlite {
namespace {

using SteadyClock = std::chrono::steady_clock;

// People wait for a server that starts. Reading finds the rest.
constexpr auto kLongestLook = std::chrono::milliseconds(100);
constexpr int kStepsBetweenLooksAtTheClock = 10'000;  // of SQLite's machine: well under a millisecond

int is_late(void* deadline) { return SteadyClock::now() > *static_cast<SteadyClock::time_point*>(deadline); }

int keep_first_row(void* finding, int, char** columns, char**) {
  if (columns[0]) *static_cast<std::string*>(finding) = columns[0];
  return 0;
}

constexpr const char* kRestore = "Nothing was changed. Restore a backup, see docs/backup.md";

}  // namespace

Result<> look_for_damage(Database& database, const std::string& path) {
  auto deadline = SteadyClock::now() + kLongestLook;
  std::string finding;
  sqlite3_progress_handler(database.handle(), kStepsBetweenLooksAtTheClock, is_late, &deadline);
  const int code =
      sqlite3_exec(database.handle(), "PRAGMA quick_check(1)", keep_first_row, &finding, nullptr) & 0xFF;
  sqlite3_progress_handler(database.handle(), 0, nullptr, nullptr);
  if (code == SQLITE_INTERRUPT || (code == SQLITE_OK && finding == "ok")) return {};
  if (code != SQLITE_OK) finding = sqlite3_errmsg(database.handle());
  return failure(Code::invalid, "the database " + path + " is damaged: " + finding, kRestore);
}

Result<> check_not_lost(bool database_was_made, const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!database_was_made || (!error && size > 0)) return {};
  return failure(Code::invalid,
                 "the database " + path + (error ? " is gone" : " is empty") + ", and this directory had one",
                 std::string(kRestore) + "; or, to begin anew, remove muster.lock beside it");
}

}  // namespace muster::sqlite
