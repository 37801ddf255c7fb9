// One SQLite connection: statements prepared once, values bound and read by type, errors as values.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/sqlite/cpu_limit.h"
#include "store/sqlite/given.h"
#include "store/sqlite/recent_serials.h"
#include "store/sqlite/value.h"

namespace muster::sqlite {

/// The columns of the row a statement stands on, from 0.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  /// "" for null.
  std::string text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return data ? std::string(data, static_cast<size_t>(sqlite3_column_bytes(statement_, column)))
                : std::string();
  }
  Time time(int column) const { return from_millis(integer(column)); }
  std::optional<Time> optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }
  template <class Enum>
  Enum as(int column) const {
    return static_cast<Enum>(integer(column));
  }

 private:
  sqlite3_stmt* statement_;
};

class Database {
 public:
  /// Readers may find the database busy only while it is being opened; commits are all ours.
  static constexpr int kBusyTimeoutMs = 5000;

  enum class Mode { read_write, read_only };
  static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs a statement that gives no rows. `sql` is kept prepared: use literals.
  template <class... Values>
  Result<> run(std::string_view sql, const Values&... values) {
    MUSTER_TRY(Use statement, begin(sql, values...));
    MUSTER_TRY(step(statement.get()));
    return {};
  }

  /// All rows, each through `map(const Row&)`.
  template <class Map, class... Values>
  auto all(std::string_view sql, Map&& map, const Values&... values)
      -> Result<std::vector<std::invoke_result_t<Map, const Row&>>> {
    std::vector<std::invoke_result_t<Map, const Row&>> rows;
    MUSTER_TRY(Use statement, begin(sql, values...));
    for (;;) {
      MUSTER_TRY(const bool on_row, step(statement.get()));
      if (!on_row) return rows;
      rows.push_back(map(Row(statement.get())));
    }
  }

  /// The first row, or nothing.
  template <class Map, class... Values>
  auto first(std::string_view sql, Map&& map, const Values&... values)
      -> Result<std::optional<std::invoke_result_t<Map, const Row&>>> {
    MUSTER_TRY(Use statement, begin(sql, values...));
    MUSTER_TRY(const bool on_row, step(statement.get()));
    if (!on_row) return std::nullopt;
    return std::optional(map(Row(statement.get())));
  }

  /// Runs a statement over rows in memory, which are the table `given` in it (given.h).
  template <class... Values>
  Result<> run_over(std::string_view sql, const GivenRows& rows, const Values&... values) {
    const Giving giving(given_, rows);
    return run(sql, values...);
  }

  /// All rows of such a statement, each through `map(const Row&)`.
  template <class Map, class... Values>
  auto all_over(std::string_view sql, const GivenRows& rows, Map&& map, const Values&... values) {
    const Giving giving(given_, rows);
    return all(sql, std::forward<Map>(map), values...);
  }

  /// What the table serial_recent shows from now on (recent_table.h).
  void show_recent(SerialRuns runs) { recent_ = std::move(runs); }

  /// A value of a statement that was put together.
  using Value = std::variant<std::int64_t, std::string>;

  /// As all(), for a statement that was put together: it is not kept prepared.
  template <class Map>
  auto all_of_built(const std::string& sql, std::span<const Value> values, Map&& map)
      -> Result<std::vector<std::invoke_result_t<Map, const Row&>>> {
    std::vector<std::invoke_result_t<Map, const Row&>> rows;
    MUSTER_TRY(each_of_built(sql, values, [&](const Row& row) { rows.push_back(map(row)); }));
    return rows;
  }

  /// The same, row by row: for more rows than there should be in memory. Code::too_large when it takes more than
  /// kBuiltLimit.
  template <class Each>
  Result<> each_of_built(const std::string& sql, std::span<const Value> values, Each&& each) {
    MUSTER_TRY(const auto statement, prepare_once(sql));
    int index = 0;
    for (const auto& value : values)
      std::visit([&](const auto& plain) { put(Parameter(statement.get(), ++index), plain); }, value);
    const Deadline deadline(*this);
    for (;;) {
      MUSTER_TRY(const bool on_row, step(statement.get()));
      if (!on_row) return {};
      each(Row(statement.get()));
    }
  }

  /// Several statements without values or rows, not kept prepared: pragmas and schema.
  Result<> script(const std::string& sql);

  /// The outcome of the last call on the handle, for calls that are made on it directly.
  Result<> check();

  /// The last error that the disk caused (Code::storage), since this was asked before.
  std::optional<Error> take_storage_error();

  std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_); }
  int changes() const { return sqlite3_changes(handle_); }
  /// How many statements that write have failed so far: what one of them did was undone with it.
  long long failed_writes() const { return failed_writes_; }
  /// Counts a write that failed before a statement was made for it.
  void count_failed_write() { ++failed_writes_; }
  sqlite3* handle() { return handle_; }

 private:
  Database() = default;

  // A prepared statement in use: reset when it goes, so that no read transaction stays open.
  class Use {
   public:
    explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
    Use(Use&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    ~Use() {
      if (!statement_) return;
      sqlite3_reset(statement_);
      sqlite3_clear_bindings(statement_);
    }
    sqlite3_stmt* get() const { return statement_; }

   private:
    sqlite3_stmt* statement_;
  };

  // While a statement runs over rows in memory.
  class Giving {
   public:
    Giving(const GivenRows*& given, const GivenRows& rows) : given_(given) { given_ = &rows; }
    ~Giving() { given_ = nullptr; }
    Giving(const Giving&) = delete;
    Giving& operator=(const Giving&) = delete;

   private:
    const GivenRows*& given_;
  };

  template <class... Values>
  Result<Use> begin(std::string_view sql, const Values&... values) {
    MUSTER_TRY(sqlite3_stmt* const statement, prepare(sql));
    int index = 0;
    (put(Parameter(statement, ++index), values), ...);
    return Use(statement);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  Result<sqlite3_stmt*> prepare(std::string_view sql);
  // No statement that was put together from what a person wrote keeps a connection for ever: behind kBuiltLimit it ends
  // with an error.
  class Deadline {
   public:
    explicit Deadline(Database& database);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

   private:
    Database& database_;
  };

  bool should_go_on() const;

  Result<std::unique_ptr<sqlite3_stmt, Finalize>> prepare_once(std::string_view sql);
  Result<bool> step(sqlite3_stmt* statement);
  Error last_error();

  sqlite3* handle_ = nullptr;
  Mode mode_ = Mode::read_write;
  std::optional<CpuLimit> limit_;     // of the statement that runs
  const GivenRows* given_ = nullptr;  // of the statement that runs
  SerialRuns recent_;
  long long failed_writes_ = 0;
  std::optional<Error> storage_error_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;  // by the literal's place, not by its text
};

}  // namespace muster::sqlite
