#include "store/sqlite/engine/given.h"

#include "store/sqlite/engine/memory_table.h"

namespace muster::sqlite {
namespace {

class GivenCursor {
 public:
  // As many columns as the widest table has, and some to spare.
  static constexpr const char* kForm =
      "CREATE TABLE given (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, "
      "c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31)";

  static void plan(sqlite3_index_info& info) {
    info.estimatedCost = static_cast<double>(kGivenRows);
    info.estimatedRows = kGivenRows;
  }
  void begin(const GivenRows* const& rows, int, sqlite3_value**) {
    rows_ = rows;
    row_ = 0;
  }
  bool is_at_end() const { return !rows_ || row_ >= rows_->size(); }
  void next() { ++row_; }
  void give(int column, Column to) const { rows_->give(row_, column, to); }
  std::int64_t row_number() const { return static_cast<std::int64_t>(row_); }

 private:
  static constexpr sqlite3_int64 kGivenRows = 1000;  // a page; for SQLite's planner

  const GivenRows* rows_ = nullptr;
  size_t row_ = 0;
};

}  // namespace

void add_given_table(sqlite3* database, const GivenRows** rows) {
  add_memory_table<GivenCursor>(database, "given", rows);
}

}  // namespace muster::sqlite
