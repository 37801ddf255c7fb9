// Rows that are in memory, as a table of SQL's, so that one statement stores or finds a thousand of them: to
// begin and to end a statement costs as much as its work on one row.
//
//   INSERT INTO history (device, at, kind, detail) SELECT c0, c1, c2, c3 FROM given
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <utility>

#include "store/sqlite/engine/value.h"

namespace muster::sqlite {

class GivenRows {
 public:
  virtual ~GivenRows() = default;
  virtual size_t size() const = 0;
  /// Puts the value of column c0, c1, ... of a row; what is put must outlive the statement's run.
  virtual void give(size_t row, int column, Column to) const = 0;
};

/// Elements of a range, each a row. `put_column(element, column, to)` puts a value.
template <class Range, class Give>
class Given final : public GivenRows {
 public:
  Given(const Range& range, Give put_column) : range_(range), put_column_(std::move(put_column)) {}
  size_t size() const override { return range_.size(); }
  void give(size_t row, int column, Column to) const override { put_column_(range_[row], column, to); }

 private:
  const Range& range_;
  Give put_column_;
};

/// Makes the table `given` known on a connection. It shows the rows that `*rows` points at while a statement
/// runs; `rows` must outlive the connection.
void add_given_table(sqlite3* database, const GivenRows** rows);

}  // namespace muster::sqlite
