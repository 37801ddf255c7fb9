#include "store/sqlite/given.h"

#include <new>

namespace muster::sqlite {
namespace {

// As many columns as the widest table has, and some to spare.
constexpr const char* kForm =
    "CREATE TABLE given (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, "
    "c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31)";
constexpr sqlite3_int64 kUsualRows = 1000;  // a page; for SQLite's planner

struct Table : sqlite3_vtab {
  const GivenRows** rows;
};

struct Cursor : sqlite3_vtab_cursor {
  const GivenRows* rows;
  size_t row;
};

int connect(sqlite3* database, void* rows, int, const char* const*, sqlite3_vtab** made, char**) {
  const int code = sqlite3_declare_vtab(database, kForm);
  if (code != SQLITE_OK) return code;
  auto* table = new (std::nothrow) Table{};
  if (!table) return SQLITE_NOMEM;
  table->rows = static_cast<const GivenRows**>(rows);
  *made = table;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<Table*>(table);
  return SQLITE_OK;
}

int plan(sqlite3_vtab*, sqlite3_index_info* info) {
  info->estimatedCost = static_cast<double>(kUsualRows);
  info->estimatedRows = kUsualRows;
  return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
  auto* cursor = new (std::nothrow) Cursor{};
  *made = cursor;
  return cursor ? SQLITE_OK : SQLITE_NOMEM;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int begin(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
  auto* cursor = static_cast<Cursor*>(base);
  cursor->rows = *static_cast<Table*>(base->pVtab)->rows;
  cursor->row = 0;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  ++static_cast<Cursor*>(cursor)->row;
  return SQLITE_OK;
}

int is_at_end(sqlite3_vtab_cursor* base) {
  const auto* cursor = static_cast<Cursor*>(base);
  return !cursor->rows || cursor->row >= cursor->rows->size();
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
  const auto* cursor = static_cast<Cursor*>(base);
  cursor->rows->give(cursor->row, column, Column(context));
  return SQLITE_OK;
}

int row_number(sqlite3_vtab_cursor* cursor, sqlite3_int64* number) {
  *number = static_cast<sqlite3_int64>(static_cast<Cursor*>(cursor)->row);
  return SQLITE_OK;
}

// Without xCreate the table is there by its name alone.
const sqlite3_module kModule = [] {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = plan;
  module.xDisconnect = disconnect;
  module.xDestroy = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = begin;
  module.xNext = next;
  module.xEof = is_at_end;
  module.xColumn = column;
  module.xRowid = row_number;
  return module;
}();

}  // namespace

void add_given_table(sqlite3* database, const GivenRows** rows) {
  sqlite3_create_module_v2(database, "given", &kModule, rows, nullptr);
}

}  // namespace muster::sqlite
