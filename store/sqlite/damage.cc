#include "store/sqlite/damage.h"

#include <filesystem>
#include <optional>
#include <vector>

#include "store/sqlite/engine/cpu_limit.h"

namespace muster::sqlite {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Operators wait for a server that starts. Reading finds the rest. Processor time, so that a busy machine
// checks as much as an idle one.
constexpr auto kMostWork = std::chrono::milliseconds(100);
constexpr int kStepsBetweenLooksAtTheClock = 10'000;  // of SQLite's machine: well under a millisecond
// SQLite looks through a table and its indexes, or all of them, in one step of its machine, 0.2 s for a
// million devices. So only a small file is looked through as a whole, and of a large table just the beginning
// is read.
constexpr std::uintmax_t kSmallFile = 32 << 20;
constexpr std::int64_t kSmallTable = 10'000;

constexpr const char* kRestore = "Nothing was changed. Restore a backup, see docs/backup.md";

struct Limits {
  CpuLimit work{kMostWork};
  SteadyClock::time_point end;
};

int is_late(void* limits) {
  const auto& [work, end] = *static_cast<const Limits*>(limits);
  return work.is_reached() || SteadyClock::now() > end;
}

// Looks until it finds something, or it is late.
class Look {
 public:
  Look(sqlite3* database, std::chrono::milliseconds longest)
      : database_(database), limits_{.end = SteadyClock::now() + longest} {
    sqlite3_progress_handler(database_, kStepsBetweenLooksAtTheClock, is_late, &limits_);
  }
  ~Look() { sqlite3_progress_handler(database_, 0, nullptr, nullptr); }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  /// The first column of all rows.
  std::vector<std::string> texts(const std::string& sql) {
    std::vector<std::string> found;
    if (damage_ || is_late(&limits_)) return found;
    const auto keep = [](void* list, int, char** columns, char**) {
      static_cast<std::vector<std::string>*>(list)->emplace_back(columns[0] ? columns[0] : "");
      return 0;
    };
    const int code = sqlite3_exec(database_, sql.c_str(), keep, &found, nullptr) & 0xFF;
    if (code != SQLITE_OK && code != SQLITE_INTERRUPT) damage_ = sqlite3_errmsg(database_);
    return found;
  }
  /// By one of SQLite's own checks.
  void check(const std::string& pragma) {
    const auto found = texts(pragma);
    if (!damage_ && !found.empty() && found.front() != "ok") damage_ = found.front();
  }
  const std::optional<std::string>& damage() const { return damage_; }

 private:
  sqlite3* database_;
  Limits limits_;
  std::optional<std::string> damage_;
};

void look_at_tables(Look& look) {
  for (const auto& table : look.texts("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
    const auto rows = look.texts("SELECT count(*) FROM (SELECT 1 FROM \"" + table + "\" NOT INDEXED LIMIT " +
                                 std::to_string(kSmallTable) + ")");
    if (!rows.empty() && rows.front() != std::to_string(kSmallTable))
      look.check("PRAGMA quick_check('" + table + "')");
  }
}

}  // namespace

Result<> look_for_damage(Database& database, const std::string& path, std::chrono::milliseconds longest) {
  Look look(database.handle(), longest);
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || size < kSmallFile)
    look.check("PRAGMA quick_check(1)");
  else
    look_at_tables(look);
  if (!look.damage()) return {};
  return failure(Code::invalid, "the database " + path + " is damaged: " + *look.damage(), kRestore);
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
