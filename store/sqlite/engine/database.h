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
#include "store/sqlite/engine/cpu_limit.h"
#include "store/sqlite/engine/given.h"
#include "store/sqlite/engine/recent_serials.h"
#include "store/sqlite/engine/sql.h"
#include "store/sqlite/engine/value.h"

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

struct Dictionaries;

/// What a map of rows gives: a value, or a Result of one.
template <class T>
struct Mapped {
  using Value = T;
  static constexpr bool kMayFail = false;
};
template <class T>
struct Mapped<Result<T>> {
  using Value = T;
  static constexpr bool kMayFail = true;
};
template <class Map>
using MappedBy = Mapped<std::invoke_result_t<Map, const Row&>>;

/// Adds what map(row) gives.
template <class Map>
Result<> append_mapped(std::vector<typename MappedBy<Map>::Value>& rows, Map& map, const Row& row) {
  if constexpr (MappedBy<Map>::kMayFail) {
    auto mapped = map(row);
    if (!mapped) return failure(std::move(mapped).error());
    rows.push_back(std::move(*mapped));
  } else {
    rows.push_back(map(row));
  }
  return {};
}

class Database {
 public:
  /// Readers may find the database busy only while it is being opened; commits are all ours.
  static constexpr int kBusyTimeoutMs = 5000;

  enum class Mode { read_write, read_only };
  static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs a statement that gives no rows. It stays prepared, here and below.
  template <class... Values>
  Result<> run(Sql sql, const Values&... values) {
    MUSTER_TRY(Use statement, begin(sql, values...));
    MUSTER_TRY(step(statement.get()));
    return {};
  }

  /// All rows, each through `map(const Row&)`, which gives a value or a Result.
  template <class Map, class... Values>
  auto all(Sql sql, Map&& map, const Values&... values)
      -> Result<std::vector<typename MappedBy<Map>::Value>> {
    return all_of(0, sql, std::forward<Map>(map), values...);
  }
  /// The same, of about so many rows.
  template <class Map, class... Values>
  auto all_of(size_t count, Sql sql, Map&& map, const Values&... values)
      -> Result<std::vector<typename MappedBy<Map>::Value>> {
    std::vector<typename MappedBy<Map>::Value> rows;
    rows.reserve(count);
    MUSTER_TRY(Use statement, begin(sql, values...));
    for (;;) {
      MUSTER_TRY(const bool on_row, step(statement.get()));
      if (!on_row) return rows;
      MUSTER_TRY(append_mapped(rows, map, Row(statement.get())));
    }
  }

  /// The first row, or nothing.
  template <class Map, class... Values>
  auto first(Sql sql, Map&& map, const Values&... values)
      -> Result<std::optional<typename MappedBy<Map>::Value>> {
    MUSTER_TRY(Use statement, begin(sql, values...));
    MUSTER_TRY(const bool on_row, step(statement.get()));
    if (!on_row) return std::nullopt;
    if constexpr (MappedBy<Map>::kMayFail) {
      MUSTER_TRY(auto row, map(Row(statement.get())));
      return std::optional(std::move(row));
    } else {
      return std::optional(map(Row(statement.get())));
    }
  }

  /// Runs a statement over rows in memory, which are the table `given` in it (given.h).
  template <class... Values>
  Result<> run_over(Sql sql, const GivenRows& rows, const Values&... values) {
    const Giving giving(given_, rows);
    return run(sql, values...);
  }

  /// All rows of such a statement, each through `map(const Row&)`.
  template <class Map, class... Values>
  auto all_over(Sql sql, const GivenRows& rows, Map&& map, const Values&... values) {
    const Giving giving(given_, rows);
    return all_of(rows.size(), sql, std::forward<Map>(map), values...);
  }

  /// What the table serial_recent shows from now on (recent_table.h).
  void show_recent(SerialRuns runs) { recent_ = std::move(runs); }

  /// A value of a statement that was put together.
  using Value = std::variant<std::int64_t, std::string>;

  /// As all(), for a statement that was put together: it stays prepared until the view or transaction ends.
  template <class Map>
  auto all_of_built(const std::string& sql, std::span<const Value> values, Map&& map)
      -> Result<std::vector<typename MappedBy<Map>::Value>> {
    std::vector<typename MappedBy<Map>::Value> rows;
    MUSTER_TRY(each_of_built(sql, values,
                             [&](const Row& row) -> Result<> { return append_mapped(rows, map, row); }));
    return rows;
  }

  /// The same over rows in memory.
  template <class Map>
  auto all_of_built_over(const std::string& sql, const GivenRows& rows, std::span<const Value> values,
                         Map&& map) {
    const Giving giving(given_, rows);
    return all_of_built(sql, values, std::forward<Map>(map));
  }

  /// The same, row by row: for more rows than there should be in memory. `each(const Row&)` gives a Result<>,
  /// or a Result<bool> that is false when no more are wanted. Code::too_large when the view or transaction
  /// takes more than kBuiltLimit from its first such statement on.
  template <class Each>
  Result<> each_of_built(const std::string& sql, std::span<const Value> values, Each&& each) {
    MUSTER_TRY(const BuiltUse statement, begin_built(sql));
    int index = 0;
    for (const auto& value : values)
      std::visit([&](const auto& plain) { put(Parameter(statement.get(), ++index), plain); }, value);
    limit_time();
    for (;;) {
      MUSTER_TRY(const bool on_row, step(statement.get()));
      if (!on_row) return {};
      if constexpr (std::is_same_v<std::invoke_result_t<Each, const Row&>, Result<bool>>) {
        MUSTER_TRY(const bool go_on, each(Row(statement.get())));
        if (!go_on) return {};
      } else {
        MUSTER_TRY(each(Row(statement.get())));
      }
    }
  }

  /// Several statements without values or rows, not kept prepared: pragmas and schema.
  Result<> script(const std::string& sql);

  /// A view or a transaction begins: what limited the one before limits it no more.
  void begin_view() { limit_.reset(); }
  /// It ends: statements that were put together for it are given up, as they may be large.
  void end_view() { built_.clear(); }

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
  Dictionaries& dictionaries() { return *dictionaries_; }

 private:
  Database();

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
  Result<Use> begin(Sql sql, const Values&... values) {
    MUSTER_TRY(sqlite3_stmt* const statement, prepare(sql));
    int index = 0;
    (put(Parameter(statement, ++index), values), ...);
    return Use(statement);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  Result<sqlite3_stmt*> prepare(Sql sql);
  // Statements that were put together from what a person wrote keep no connection for ever, nor do many of
  // them together.
  void limit_time();

  bool should_go_on() const;

  // A statement that was put together. While it is in use it is not in `built_`, so that the same text can be
  // used within.
  struct Built {
    std::string sql;
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
  };
  class BuiltUse {
   public:
    BuiltUse(std::vector<Built>& rest, Built built) : rest_(&rest), built_(std::move(built)) {}
    BuiltUse(BuiltUse&&) = default;
    ~BuiltUse() {
      if (!get() || rest_->size() >= kMostBuilt) return;
      sqlite3_reset(get());
      sqlite3_clear_bindings(get());
      rest_->push_back(std::move(built_));
    }
    sqlite3_stmt* get() const { return built_.statement.get(); }

   private:
    static constexpr size_t kMostBuilt = 4;  // what one reading uses again and again
    std::vector<Built>* rest_;
    Built built_;
  };
  Result<BuiltUse> begin_built(const std::string& sql);
  Result<bool> step(sqlite3_stmt* statement);
  Error last_error();

  sqlite3* handle_ = nullptr;
  Mode mode_ = Mode::read_write;
  std::optional<CpuLimit> limit_;     // of the view
  const GivenRows* given_ = nullptr;  // of the statement that runs
  SerialRuns recent_;
  long long failed_writes_ = 0;
  std::optional<Error> storage_error_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;  // by the text's place
  std::vector<Built> built_;                                   // of the view, and not in use
  const std::unique_ptr<Dictionaries> dictionaries_;
};

}  // namespace muster::sqlite
