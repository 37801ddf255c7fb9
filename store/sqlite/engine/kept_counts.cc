#include "store/sqlite/engine/kept_counts.h"

namespace muster::sqlite {
namespace {

using ReadValue = int (*)(sqlite3*, int, sqlite3_value**);

std::int64_t integer(sqlite3* database, ReadValue read, int column) {
  sqlite3_value* value = nullptr;
  return read(database, column, &value) == SQLITE_OK ? sqlite3_value_int64(value) : 0;
}

bool is_null(sqlite3* database, ReadValue read, int column) {
  sqlite3_value* value = nullptr;
  return read(database, column, &value) != SQLITE_OK || sqlite3_value_type(value) == SQLITE_NULL;
}

// But for what tells how accounts stand with Apple, which each poll writes.
bool is_asked_by_filters(std::string_view table) {
  return table != "account" && table != "lane_trouble" && table != "event";
}

Result<int> place_of(Database& database, const char* table, const char* column) {
  MUSTER_TRY(const auto place, database.first(
                                   "SELECT cid FROM pragma_table_info(?) WHERE name = ?",
                                   [](const Row& row) { return static_cast<int>(row.integer(0)); },
                                   std::string_view(table), std::string_view(column)));
  if (!place) return failure(Code::internal, std::string("the table ") + table + " has no column " + column);
  return *place;
}

}  // namespace

// What one row of `device` counts as.
struct KeptCounts::Counted {
  Counted() = default;
  Counted(sqlite3* database, ReadValue read, const Columns& columns) {
    account = integer(database, read, columns.account);
    if (!is_null(database, read, columns.tombstone_at)) return;
    is_device = true;
    is_uncovered = integer(database, read, columns.desired_by) == static_cast<int>(Desired::By::nobody) &&
                   !is_null(database, read, columns.arrived_at);
    is_contested = !is_null(database, read, columns.contested_at);
    if (integer(database, read, columns.desired_by) == static_cast<int>(Desired::By::rule))
      rule = integer(database, read, columns.desired_rule);
    profile = integer(database, read, columns.profile);
    kind = integer(database, read, columns.kind);
  }
  Counted(const Device& device, std::int64_t profile_state, std::int64_t number_of_kind)
      : account(static_cast<std::int64_t>(device.account)) {
    if (device.tombstone) return;
    is_device = true;
    is_uncovered = device.desired.by == Desired::By::nobody && device.arrived_at.has_value();
    is_contested = device.contested_at.has_value();
    if (device.desired.by == Desired::By::rule) rule = static_cast<std::int64_t>(device.desired.rule);
    profile = profile_state;
    kind = number_of_kind;
  }
  friend bool operator==(const Counted&, const Counted&) = default;

  std::int64_t account = 0;
  bool is_device = false, is_uncovered = false, is_contested = false;
  std::int64_t profile = 0, rule = 0, kind = 0;
};

Result<std::unique_ptr<KeptCounts>> KeptCounts::attach(Database& database) {
  Columns columns{};
  MUSTER_TRY(columns.account, place_of(database, "device", "account"));
  MUSTER_TRY(columns.profile, place_of(database, "device", "profile"));
  MUSTER_TRY(columns.kind, place_of(database, "device", "kind"));
  MUSTER_TRY(columns.desired_by, place_of(database, "device", "desired_by"));
  MUSTER_TRY(columns.desired_rule, place_of(database, "device", "desired_rule"));
  MUSTER_TRY(columns.tombstone_at, place_of(database, "device", "tombstone_at"));
  MUSTER_TRY(columns.arrived_at, place_of(database, "device", "arrived_at"));
  MUSTER_TRY(columns.contested_at, place_of(database, "device", "contested_at"));
  MUSTER_TRY(const int assignment_account, place_of(database, "assignment", "account"));
  return std::unique_ptr<KeptCounts>(new KeptCounts(database, columns, assignment_account));
}

KeptCounts::KeptCounts(Database& database, const Columns& columns, int assignment_account)
    : database_(database), columns_(columns), assignment_account_(assignment_account) {
  add_functions();
  listen(true);
}

KeptCounts::~KeptCounts() { listen(false); }

void KeptCounts::listen(bool on) {
  const auto hear = [](void* self, sqlite3*, int operation, const char*, const char* table, sqlite3_int64,
                       sqlite3_int64) { static_cast<KeptCounts*>(self)->see(operation, table); };
  sqlite3_preupdate_hook(database_.handle(), on ? +hear : nullptr, this);
}

void KeptCounts::count(const Device& device, std::int64_t profile, std::int64_t kind) {
  touched_ = true;
  add(Counted(device, profile, kind), 1);
}

void KeptCounts::count_assignment(AccountId account) {
  touched_ = true;
  ++changes_[static_cast<std::int64_t>(account)].numbers[static_cast<int>(Kind::waiting)];
}

void KeptCounts::add_functions() {
  const auto add_function = [this](const char* name, int arguments, auto* function) {
    sqlite3_create_function_v2(database_.handle(), name, arguments, SQLITE_UTF8, this, function, nullptr,
                               nullptr, nullptr);
  };
  add_function(
      "muster_was", 9, +[](sqlite3_context* context, int, sqlite3_value** columns) {
        static_cast<KeptCounts*>(sqlite3_user_data(context))->was(columns);
        sqlite3_result_value(context, columns[8]);
      });
  add_function(
      "muster_waited", 2, +[](sqlite3_context* context, int, sqlite3_value** columns) {
        auto& counts = *static_cast<KeptCounts*>(sqlite3_user_data(context));
        counts.touched_ = true;
        --counts.changes_[sqlite3_value_int64(columns[0])].numbers[static_cast<int>(Kind::waiting)];
        sqlite3_result_value(context, columns[1]);
      });
}

void KeptCounts::was(sqlite3_value** columns) {
  const auto is_there = [&](int column) { return sqlite3_value_type(columns[column]) != SQLITE_NULL; };
  Counted device;
  device.account = sqlite3_value_int64(columns[0]);
  device.is_device = !is_there(1);
  device.profile = sqlite3_value_int64(columns[2]);
  device.is_uncovered =
      sqlite3_value_int64(columns[3]) == static_cast<int>(Desired::By::nobody) && is_there(4);
  device.is_contested = is_there(5);
  device.kind = sqlite3_value_int64(columns[6]);
  if (sqlite3_value_int64(columns[3]) == static_cast<int>(Desired::By::rule))
    device.rule = sqlite3_value_int64(columns[7]);
  add(device, -1);
}

void KeptCounts::see(int operation, std::string_view table) {
  touched_ = touched_ || is_asked_by_filters(table);
  sqlite3* const handle = database_.handle();
  if (table == "device") {
    if (operation == SQLITE_INSERT) return add(Counted(handle, sqlite3_preupdate_new, columns_), 1);
    const Counted before(handle, sqlite3_preupdate_old, columns_);
    if (operation == SQLITE_DELETE) return add(before, -1);
    const Counted after(handle, sqlite3_preupdate_new, columns_);
    if (before == after) return;
    add(before, -1);
    add(after, 1);
  } else if (table == "assignment" && operation != SQLITE_UPDATE) {
    const bool is_new = operation == SQLITE_INSERT;
    const auto account =
        integer(handle, is_new ? sqlite3_preupdate_new : sqlite3_preupdate_old, assignment_account_);
    changes_[account].numbers[static_cast<int>(Kind::waiting)] += is_new ? 1 : -1;
  }
}

void KeptCounts::add(const Counted& device, int times) {
  if (!device.is_device) return;
  OfAccount& changes = changes_[device.account];
  changes.numbers[static_cast<int>(Kind::devices)] += times;
  if (device.is_uncovered) changes.numbers[static_cast<int>(Kind::uncovered)] += times;
  if (device.is_contested) changes.numbers[static_cast<int>(Kind::contested)] += times;
  changes.by_profile[{device.profile, device.rule}] += times;
  changes.by_kind[device.kind] += times;
}

Result<> KeptCounts::settle() {
  const auto changes = std::move(changes_);
  changes_.clear();
  for (const auto& [account, of_account] : changes) {
    for (const Kind kind : {Kind::devices, Kind::uncovered, Kind::contested, Kind::waiting})
      MUSTER_TRY(settle(account, kind, 0, 0, of_account.numbers[static_cast<int>(kind)]));
    for (const auto& [of, change] : of_account.by_profile)
      MUSTER_TRY(settle(account, Kind::by_profile, of.first, of.second, change));
    for (const auto& [number, change] : of_account.by_kind)
      MUSTER_TRY(settle(account, Kind::by_kind, number, 0, change));
  }
  return {};
}

Result<> KeptCounts::settle(std::int64_t account, Kind kind, std::int64_t part, std::int64_t rule,
                            long long change) {
  if (change == 0) return {};
  MUSTER_TRY(
      database_.run("INSERT INTO kept_count (account, kind, part, rule, number) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT (account, kind, part, rule) DO UPDATE SET number = number + excluded.number",
                    account, kind, part, rule, change));
  if (change > 0) return {};
  return database_.run(
      "DELETE FROM kept_count WHERE account = ? AND kind = ? AND part = ? AND rule = ? AND number = 0",
      account, kind, part, rule);
}

}  // namespace muster::sqlite
