#include "store/sqlite/recent_table.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

#include "store/sqlite/value.h"

namespace muster::sqlite {
namespace {

enum Columns { kOwner, kNumber, kPlace };
constexpr const char* kForm = "CREATE TABLE serial_recent (owner INTEGER, number TEXT, place INTEGER)";

// What a statement asks for, as bits; the values come in this order.
constexpr int kOfOwner = 1;
constexpr int kIsNumber = 2;
constexpr int kBehindNumber = 4;

// For SQLite's planner: how many rows a statement gives that asks for all of an account's.
constexpr double kUsualRows = 30'000;

struct Table : sqlite3_vtab {
  const SerialRuns* runs;
};

// What is left of one run.
struct Part {
  const SerialPlace* next;
  const SerialPlace* end;
};

struct Cursor : sqlite3_vtab_cursor {
  std::vector<Part> parts;
  Part* first;  // the part whose next serial is the next one of all; null at the end
};

int connect(sqlite3* database, void* runs, int, const char* const*, sqlite3_vtab** made, char**) {
  const int code = sqlite3_declare_vtab(database, kForm);
  if (code != SQLITE_OK) return code;
  auto* table = new (std::nothrow) Table{};
  if (!table) return SQLITE_NOMEM;
  table->runs = static_cast<const SerialRuns*>(runs);
  *made = table;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<Table*>(table);
  return SQLITE_OK;
}

// The place of a usable constraint, or -1.
int find(sqlite3_index_info* info, int column, int operation) {
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.usable && constraint.iColumn == column && constraint.op == operation &&
        std::strcmp(sqlite3_vtab_collation(info, i), "BINARY") == 0)
      return i;
  }
  return -1;
}

// Rows come in order of owner and number, whatever is asked.
bool comes_in_order(const sqlite3_index_info& info, bool one_owner) {
  int expected = one_owner ? kNumber : kOwner;
  for (int i = 0; i < info.nOrderBy; ++i) {
    const auto& by = info.aOrderBy[i];
    if (by.desc) return false;
    if (one_owner && by.iColumn == kOwner) continue;
    if (by.iColumn != expected) return false;
    ++expected;
  }
  return true;
}

int plan(sqlite3_vtab*, sqlite3_index_info* info) {
  info->estimatedCost = 2 * kUsualRows;
  info->estimatedRows = static_cast<sqlite3_int64>(kUsualRows);
  const int owner = find(info, kOwner, SQLITE_INDEX_CONSTRAINT_EQ);
  info->orderByConsumed = comes_in_order(*info, owner >= 0) ? 1 : 0;
  if (owner < 0) return SQLITE_OK;
  info->idxNum = kOfOwner;
  info->aConstraintUsage[owner].argvIndex = 1;
  info->aConstraintUsage[owner].omit = 1;
  info->estimatedCost = kUsualRows;

  const int number = find(info, kNumber, SQLITE_INDEX_CONSTRAINT_EQ);
  const int behind = find(info, kNumber, SQLITE_INDEX_CONSTRAINT_GT);
  const int used = number >= 0 ? number : behind;
  if (used < 0) return SQLITE_OK;
  info->idxNum |= number >= 0 ? kIsNumber : kBehindNumber;
  info->aConstraintUsage[used].argvIndex = 2;
  info->aConstraintUsage[used].omit = 1;
  if (number < 0) return SQLITE_OK;
  info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
  info->estimatedCost = 1;
  info->estimatedRows = 1;
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

void find_first(Cursor& cursor) {
  cursor.first = nullptr;
  for (auto& part : cursor.parts)
    if (!cursor.first || *part.next < *cursor.first->next) cursor.first = &part;
}

int begin(sqlite3_vtab_cursor* base, int asked, const char*, int, sqlite3_value** values) {
  auto* cursor = static_cast<Cursor*>(base);
  const auto& runs = *static_cast<Table*>(base->pVtab)->runs;
  cursor->parts.clear();

  const AccountId owner =
      asked & kOfOwner ? static_cast<AccountId>(sqlite3_value_int64(values[0])) : AccountId{};
  std::string_view number;
  if (asked & (kIsNumber | kBehindNumber)) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[1]));
    number = {text ? text : "", static_cast<size_t>(sqlite3_value_bytes(values[1]))};
  }
  for (const auto& run : runs) {
    auto first = run->begin(), end = run->end();
    if (asked & kOfOwner) {
      const int least = asked & kBehindNumber ? 1 : 0;
      first = std::partition_point(
          first, end, [&](const SerialPlace& serial) { return serial.compare(owner, number) < least; });
      if (asked & kIsNumber)
        end = first != end && first->compare(owner, number) == 0 ? std::next(first) : first;
      else
        end = std::partition_point(first, end,
                                   [&](const SerialPlace& serial) { return serial.owner() == owner; });
    }
    if (first != end) cursor->parts.push_back({&*first, &*first + (end - first)});
  }
  find_first(*cursor);
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
  auto* cursor = static_cast<Cursor*>(base);
  Part& part = *cursor->first;
  if (++part.next == part.end) {
    part = cursor->parts.back();
    cursor->parts.pop_back();
  }
  find_first(*cursor);
  return SQLITE_OK;
}

int is_at_end(sqlite3_vtab_cursor* base) { return !static_cast<Cursor*>(base)->first; }

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
  const SerialPlace& serial = *static_cast<Cursor*>(base)->first->next;
  const Column to(context);
  switch (column) {
    case kOwner: put(to, serial.owner()); break;
    case kNumber: put(to, serial.number()); break;
    case kPlace: put(to, serial.place()); break;
    default: break;
  }
  return SQLITE_OK;
}

int row_number(sqlite3_vtab_cursor* base, sqlite3_int64* number) {
  *number = static_cast<sqlite3_int64>(static_cast<Cursor*>(base)->first->next->place());
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

void add_recent_table(sqlite3* database, const SerialRuns* runs) {
  sqlite3_create_module_v2(database, "serial_recent", &kModule, const_cast<SerialRuns*>(runs), nullptr);
}

}  // namespace muster::sqlite
