// A database as the mover sees it: rows of values, whatever the backend.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "store/move/table.h"

namespace muster::move {

/// A value of a row: null, a number or a text.
using Cell = std::variant<std::monostate, std::int64_t, std::string_view>;
/// In the order of Table::columns.
using Cells = std::span<const Cell>;
using TakeRow = std::function<Result<>(Cells)>;

/// What is moved, or was. One moment of it, and nobody else writes, as long as this is there.
class Source {
 public:
  virtual ~Source() = default;

  /// For people, without secrets.
  virtual std::string place() const = 0;
  /// Calls take(row) for each row, in order. The texts are valid during the call. Ends with the first
  /// failure.
  virtual Result<> read(const Table& table, const TakeRow& take) = 0;
  /// The highest id that a row of the table ever had, as far as is known; 0 for none, and for a table without
  /// ids.
  virtual Result<std::int64_t> last_id(const Table& table) = 0;
};

/// An empty database. All that is put is one transaction; without commit() the database is as it was.
class Target : public Source {
 public:
  /// Rows of this table come next, in order.
  virtual Result<> begin(const Table& table) = 0;
  virtual Result<> put(Cells row) = 0;
  virtual Result<> end() = 0;
  /// No row that is added later has an id up to this one.
  virtual Result<> put_last_id(const Table& table, std::int64_t id) = 0;
  /// Builds what is derived from the rows, and checks it. Behind all of them.
  virtual Result<> finish() = 0;
  virtual Result<> commit() = 0;
};

// sqlite_side.cc
/// Takes the directory's lock. Code::not_found when there is no database in it; else as open_database_file().
Result<std::unique_ptr<Source>> open_sqlite_source(const std::string& directory);
/// Makes the directory and the database when they are missing. Code::conflict when something is stored there.
Result<std::unique_ptr<Target>> open_sqlite_target(const std::string& directory);

// postgres_side.cc
/// `url`: as libpq reads it. Nobody can write the database meanwhile. Code::not_found when it has none of our
/// tables; Code::conflict when a server is alive; else as open_database().
Result<std::unique_ptr<Source>> open_postgres_source(const std::string& url);
/// Makes the schema when it is missing. Code::conflict when something is stored there, or a server is alive.
Result<std::unique_ptr<Target>> open_postgres_target(const std::string& url);

}  // namespace muster::move
