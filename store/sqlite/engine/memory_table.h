// A table of SQL's that shows what is in memory: for reading, and there by its name alone.
//
//   class Cursor {  // on its way along the rows of one statement
//    public:
//     static constexpr const char* kForm = "CREATE TABLE numbers (number)";
//     static void plan(sqlite3_index_info& info);  // xBestIndex of a virtual table
//     void begin(const Numbers& source, int plan, sqlite3_value** values);
//     bool is_at_end() const;
//     void next();
//     void give(int column, Column to) const;  // what is put must stay until the next row
//     std::int64_t row_number() const;
//   };
//   add_memory_table<Cursor>(database, "numbers", &numbers);
#pragma once

#include <sqlite3.h>

#include <new>

#include "store/sqlite/engine/value.h"

namespace muster::sqlite {

template <class Cursor, class Source>
class MemoryTable {
 public:
  static const sqlite3_module* module() {
    static const sqlite3_module kModule = [] {
      sqlite3_module made{};
      made.xConnect = connect;  // without xCreate the table is there by its name alone
      made.xBestIndex = plan;
      made.xDisconnect = disconnect;
      made.xDestroy = disconnect;
      made.xOpen = open;
      made.xClose = close;
      made.xFilter = begin;
      made.xNext = next;
      made.xEof = is_at_end;
      made.xColumn = give;
      made.xRowid = row_number;
      return made;
    }();
    return &kModule;
  }

 private:
  struct Table : sqlite3_vtab {
    const Source* source;
  };
  struct Walk : sqlite3_vtab_cursor {
    Cursor cursor;
  };
  static Cursor& cursor_of(sqlite3_vtab_cursor* walk) { return static_cast<Walk*>(walk)->cursor; }

  static int connect(sqlite3* database, void* source, int, const char* const*, sqlite3_vtab** made, char**) {
    const int code = sqlite3_declare_vtab(database, Cursor::kForm);
    if (code != SQLITE_OK) return code;
    auto* table = new (std::nothrow) Table{};
    if (!table) return SQLITE_NOMEM;
    table->source = static_cast<const Source*>(source);
    *made = table;
    return SQLITE_OK;
  }
  static int disconnect(sqlite3_vtab* table) {
    delete static_cast<Table*>(table);
    return SQLITE_OK;
  }
  static int plan(sqlite3_vtab*, sqlite3_index_info* info) {
    Cursor::plan(*info);
    return SQLITE_OK;
  }
  static int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
    auto* walk = new (std::nothrow) Walk{};
    *made = walk;
    return walk ? SQLITE_OK : SQLITE_NOMEM;
  }
  static int close(sqlite3_vtab_cursor* walk) {
    delete static_cast<Walk*>(walk);
    return SQLITE_OK;
  }
  static int begin(sqlite3_vtab_cursor* walk, int plan, const char*, int, sqlite3_value** values) {
    cursor_of(walk).begin(*static_cast<Table*>(walk->pVtab)->source, plan, values);
    return SQLITE_OK;
  }
  static int next(sqlite3_vtab_cursor* walk) {
    cursor_of(walk).next();
    return SQLITE_OK;
  }
  static int is_at_end(sqlite3_vtab_cursor* walk) { return cursor_of(walk).is_at_end(); }
  static int give(sqlite3_vtab_cursor* walk, sqlite3_context* context, int column) {
    cursor_of(walk).give(column, Column(context));
    return SQLITE_OK;
  }
  static int row_number(sqlite3_vtab_cursor* walk, sqlite3_int64* number) {
    *number = cursor_of(walk).row_number();
    return SQLITE_OK;
  }
};

/// Makes the table known on a connection. It shows `*source` as it is while a statement runs; `source` must
/// outlive the connection.
template <class Cursor, class Source>
void add_memory_table(sqlite3* database, const char* name, const Source* source) {
  sqlite3_create_module_v2(database, name, MemoryTable<Cursor, Source>::module(), const_cast<Source*>(source),
                           nullptr);
}

}  // namespace muster::sqlite
