#include "store/sqlite/engine/recent_table.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "store/sqlite/engine/memory_table.h"

namespace muster::sqlite {
namespace {

enum Columns { kOwner, kNumber, kPlace, kSort };

// What a statement asks for, as bits of its plan; the values come in this order.
constexpr int kOfOwner = 1;
constexpr int kIsNumber = 2;
constexpr int kBehindNumber = 4;

// The place of a usable constraint, or -1.
int find(sqlite3_index_info& info, int column, int operation) {
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto& constraint = info.aConstraint[i];
    if (constraint.usable && constraint.iColumn == column && constraint.op == operation &&
        std::strcmp(sqlite3_vtab_collation(&info, i), "BINARY") == 0)
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

class RecentCursor {
 public:
  static constexpr const char* kForm =
      "CREATE TABLE serial_recent (owner INTEGER, number TEXT, place INTEGER, sort INTEGER)";

  static void plan(sqlite3_index_info& info) {
    info.estimatedCost = 2 * kUsualRows;
    info.estimatedRows = static_cast<sqlite3_int64>(kUsualRows);
    const int owner = find(info, kOwner, SQLITE_INDEX_CONSTRAINT_EQ);
    info.orderByConsumed = comes_in_order(info, owner >= 0) ? 1 : 0;
    if (owner < 0) return;
    use(info, owner, 1, kOfOwner);
    info.estimatedCost = kUsualRows;

    const int number = find(info, kNumber, SQLITE_INDEX_CONSTRAINT_EQ);
    const int behind = find(info, kNumber, SQLITE_INDEX_CONSTRAINT_GT);
    if (number < 0 && behind >= 0) return use(info, behind, 2, kBehindNumber);
    if (number < 0) return;
    use(info, number, 2, kIsNumber);
    info.idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    info.estimatedCost = 1;
    info.estimatedRows = 1;
  }

  void begin(const SerialRuns& runs, int plan, sqlite3_value** values) {
    parts_.clear();
    const auto owner = plan & kOfOwner ? static_cast<AccountId>(sqlite3_value_int64(values[0])) : AccountId{};
    std::string_view number;
    if (plan & (kIsNumber | kBehindNumber)) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[1]));
      number = {text ? text : "", static_cast<size_t>(sqlite3_value_bytes(values[1]))};
    }
    for (const auto& run : runs) {
      size_t first = 0, end = run->size();
      if (plan & kOfOwner) {
        first = run->lower_bound(owner, number);
        const bool is_it =
            first != end && plan & (kIsNumber | kBehindNumber) && run->compare(first, owner, number) == 0;
        if (plan & kIsNumber)
          end = is_it ? first + 1 : first;
        else
          end = run->lower_bound(behind(owner), {}, first);
        if (plan & kBehindNumber && is_it) ++first;
      }
      if (first != end) parts_.push_back({run.get(), first, end});
    }
    find_first();
  }

  bool is_at_end() const { return !first_; }
  void next() {
    if (++first_->next == first_->end) {
      *first_ = parts_.back();
      parts_.pop_back();
    }
    find_first();
  }
  void give(int column, Column to) const {
    switch (column) {
      case kOwner: return put(to, first_->serial().owner);
      case kNumber: return put(to, first_->serial().number);
      case kPlace: return put(to, first_->serial().place);
      case kSort: return put(to, first_->serial().sort);
      default: return;
    }
  }
  std::int64_t row_number() const { return static_cast<std::int64_t>(first_->serial().place); }

 private:
  // For SQLite's planner: how many rows a statement gives that asks for all of an account's.
  static constexpr double kUsualRows = 30'000;

  // What is left of one run.
  struct Part {
    const SerialRun* run;
    size_t next, end;

    SerialPlace serial() const { return (*run)[next]; }
  };

  static AccountId behind(AccountId owner) {
    return static_cast<AccountId>(static_cast<std::int64_t>(owner) + 1);
  }

  static void use(sqlite3_index_info& info, int constraint, int value, int bit) {
    info.idxNum |= bit;
    info.aConstraintUsage[constraint].argvIndex = value;
    info.aConstraintUsage[constraint].omit = 1;
  }
  void find_first() {
    first_ = nullptr;
    for (auto& part : parts_)
      if (!first_ || part.run->compare(part.next, *first_->run, first_->next) < 0) first_ = &part;
  }

  std::vector<Part> parts_;
  Part* first_ = nullptr;  // the part whose next serial is the next one of all; null at the end
};

}  // namespace

void add_recent_table(sqlite3* database, const SerialRuns* runs) {
  add_memory_table<RecentCursor>(database, "serial_recent", runs);
}

}  // namespace muster::sqlite
