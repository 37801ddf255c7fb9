#include "store/move/side.h"

#include <sqlite3.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "model/device.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/kept_counts.h"
#include "store/sqlite/engine/rare_facts.h"
#include "store/sqlite/tables/serials.h"

namespace muster::move {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// The last columns of `device`, which are one here (rare_facts.h).
constexpr const char* kRareColumns[] = {"tombstone_reason", "arrival_due_before", "asked_after", "asset_tag"};

// A million rows pass; what they were is looked at again in the same order.
constexpr const char* kSettings = "PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;";

bool is(const Table& table, std::string_view name) { return table.name == name; }

std::int64_t number(const Cell& cell) {
  const auto* const value = std::get_if<std::int64_t>(&cell);
  return value ? *value : 0;
}
std::optional<Time> time(const Cell& cell) {
  const auto* const value = std::get_if<std::int64_t>(&cell);
  return value ? std::optional(from_millis(*value)) : std::nullopt;
}
Cell cell(const std::optional<Time>& time) { return time ? Cell(to_millis(*time)) : Cell(); }

// Where the columns of `device` are.
struct DeviceColumns {
  explicit DeviceColumns(const Table& table)
      : account(table.place_of("account")),
        kind(table.place_of("kind")),
        profile(table.place_of("profile")),
        desired_by(table.place_of("desired_by")),
        desired_rule(table.place_of("desired_rule")),
        arrived_at(table.place_of("arrived_at")),
        contested_at(table.place_of("contested_at")),
        tombstone_at(table.place_of("tombstone_at")),
        rare(table.place_of(kRareColumns[0])) {}
  size_t account, kind, profile, desired_by, desired_rule, arrived_at, contested_at, tombstone_at, rare;
};

// What is counted of a device, and its rare facts.
Device device_of(Cells row, const DeviceColumns& at) {
  Device device;
  device.account = static_cast<AccountId>(number(row[at.account]));
  device.desired.by = static_cast<Desired::By>(number(row[at.desired_by]));
  device.desired.rule = static_cast<RuleId>(number(row[at.desired_rule]));
  device.arrived_at = time(row[at.arrived_at]);
  device.contested_at = time(row[at.contested_at]);
  if (const auto when = time(row[at.tombstone_at]))
    device.tombstone = Tombstone{static_cast<Tombstone::Reason>(number(row[at.rare])), *when};
  device.arrival_due_before = time(row[at.rare + 1]);
  device.asked_after = time(row[at.rare + 2]);
  if (const auto* const tag = std::get_if<std::string_view>(&row[at.rare + 3])) device.facts.asset_tag = *tag;
  return device;
}

class SqliteSide final : public Target {
 public:
  explicit SqliteSide(sqlite::DatabaseFile file) : file_(std::move(file)), db_(*file_.writer) {}
  ~SqliteSide() override {
    statement_.reset();
    counts_.reset();
  }

  std::string place() const override { return file_.directory; }

  Result<> begin_source() {
    MUSTER_TRY(db_.script(kSettings));
    return db_.script("BEGIN");
  }

  // Triggers would count the rows as changes of the configuration.
  Result<> begin_target() {
    MUSTER_TRY(db_.script(kSettings));
    sqlite3_db_config(db_.handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    MUSTER_TRY(db_.script("BEGIN IMMEDIATE"));
    for (const auto& table : tables())
      if (table.kind == Table::Kind::rows) MUSTER_TRY(check_empty(table));
    MUSTER_TRY(counts_, sqlite::KeptCounts::attach(db_));
    return {};
  }

  Result<> read(const Table& table, const TakeRow& take) override {
    std::string sql = "SELECT " + columns(table) + " FROM " + table.name;
    if (*table.compared) sql += std::string(" WHERE ") + table.compared;
    MUSTER_TRY(const auto statement, prepare(sql + " ORDER BY " + table.order));
    std::optional<DeviceColumns> device_columns;
    if (is(table, "device")) device_columns.emplace(table);
    std::vector<Cell> row;
    for (;;) {
      MUSTER_TRY(const bool on_row, step(statement.get()));
      if (!on_row) return {};
      row.clear();
      for (int i = 0; i < sqlite3_column_count(statement.get()); ++i)
        row.push_back(column(statement.get(), i));
      Device device;
      if (device_columns) expand_rare(row, *device_columns, device);
      MUSTER_TRY(take(row));
    }
  }

  Result<std::int64_t> last_id(const Table& table) override {
    if (!table.has_ids()) return 0;
    const std::string name = table.name;
    std::string sql = "SELECT max((SELECT coalesce(max(id), 0) FROM " + name +
                      "), (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '" + name + "')";
    if (is(table, "account")) sql += ", (SELECT last FROM account_number)";
    if (is(table, "device")) sql += ", (SELECT last FROM serial_index_end)";
    if (is(table, "history")) sql += ", (SELECT last FROM history_thinned)";
    return ask_number(sql + ")");
  }

  Result<> begin(const Table& table) override {
    if (table.kind == Table::Kind::one_row) MUSTER_TRY(run("DELETE FROM " + std::string(table.name)));
    const std::string names = columns(table);
    std::string places = "?";
    for (const char c : names)
      if (c == ',') places += ", ?";
    MUSTER_TRY(statement_, prepare("INSERT INTO " + std::string(table.name) + " (" + names + ") VALUES (" +
                                   places + ")"));
    device_columns_.reset();
    assignment_account_.reset();
    if (is(table, "device")) device_columns_.emplace(table);
    if (is(table, "assignment")) assignment_account_ = table.place_of("account");
    return {};
  }

  Result<> put(Cells row) override {
    std::string rare;
    if (device_columns_) {
      const Device device = device_of(row, *device_columns_);
      counts_->count(device, number(row[device_columns_->profile]), number(row[device_columns_->kind]));
      rare = sqlite::rare_facts(device);
      row = row.first(device_columns_->rare);
      bind_one(static_cast<int>(row.size()) + 1, rare.empty() ? Cell() : Cell(std::string_view(rare)));
    }
    if (assignment_account_)
      counts_->count_assignment(static_cast<AccountId>(number(row[*assignment_account_])));
    bind(row);
    return counts_->without_listening([&]() -> Result<> {
      MUSTER_TRY(step(statement_.get()));
      sqlite3_reset(statement_.get());
      return {};
    });
  }

  Result<> end() override {
    statement_.reset();
    return {};
  }

  Result<> put_last_id(const Table& table, std::int64_t id) override {
    const std::string last = std::to_string(id), name = table.name;
    if (is(table, "account")) return run("UPDATE account_number SET last = max(last, " + last + ")");
    if (is(table, "device")) return run("UPDATE serial_index_end SET last = max(last, " + last + ")");
    // Of a table whose rows are all gone, too. Other tables than these go on behind their last row.
    MUSTER_TRY(const auto counts_ids,
               ask_number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + name +
                          "' AND sql LIKE '%AUTOINCREMENT%'"));
    if (counts_ids == 0 || id == 0) return {};
    MUSTER_TRY(run("DELETE FROM sqlite_sequence WHERE name = '" + name + "'"));
    return run("INSERT INTO sqlite_sequence (name, seq) VALUES ('" + name + "', " + last + ")");
  }

  Result<> finish() override {
    MUSTER_TRY(counts_->settle());
    // As its triggers would have done.
    MUSTER_TRY(run(
        "INSERT INTO enrolled_count (account, rule, number) SELECT account, rule, count(*) FROM enrollment "
        "WHERE account <> 0 AND enrolled_at IS NOT NULL GROUP BY account, rule"));
    return sqlite::index_all_devices(db_);
  }

  Result<> commit() override { return db_.script("COMMIT"); }

 private:
  Result<> check_empty(const Table& table) {
    MUSTER_TRY(const auto rows,
               ask_number("SELECT count(*) FROM (SELECT 1 FROM " + std::string(table.name) + " LIMIT 1)"));
    if (rows == 0) return {};
    return failure(Code::conflict,
                   "the data directory " + place() + " is not empty: its table " + table.name + " has rows",
                   "Nothing was changed. Give a directory that does not exist yet");
  }

  static std::string columns(const Table& table) {
    std::string names(table.columns);
    if (is(table, "device")) names.replace(names.find(kRareColumns[0]), std::string::npos, "rare");
    return names;
  }

  // Puts the values that `rare` stands for in its place. Their text is the device's.
  static void expand_rare(std::vector<Cell>& row, const DeviceColumns& at, Device& device) {
    const Cell rare = row.back();
    row.pop_back();
    if (const auto when = time(row[at.tombstone_at])) device.tombstone = Tombstone{.at = *when};
    if (const auto* const text = std::get_if<std::string_view>(&rare)) sqlite::read_rare_facts(*text, device);
    row.emplace_back(device.tombstone ? static_cast<std::int64_t>(device.tombstone->reason) : 0);
    row.push_back(cell(device.arrival_due_before));
    row.push_back(cell(device.asked_after));
    row.emplace_back(std::string_view(device.facts.asset_tag));
  }

  static Cell column(sqlite3_stmt* statement, int place) {
    switch (sqlite3_column_type(statement, place)) {
      case SQLITE_NULL: return {};
      case SQLITE_INTEGER: return sqlite3_column_int64(statement, place);
      default: break;
    }
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, place));
    return std::string_view(text ? text : "", static_cast<size_t>(sqlite3_column_bytes(statement, place)));
  }

  void bind(Cells row) {
    for (size_t i = 0; i < row.size(); ++i) bind_one(static_cast<int>(i) + 1, row[i]);
  }
  void bind_one(int place, const Cell& cell) {
    const sqlite::Parameter to(statement_.get(), place);
    if (const auto* const value = std::get_if<std::int64_t>(&cell))
      to.integer(*value);
    else if (const auto* const text = std::get_if<std::string_view>(&cell))
      to.text(*text);
    else
      to.null();
  }

  Result<Statement> prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_.handle(), sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr) !=
        SQLITE_OK)
      return failure(db_.check().error());
    return Statement(statement);
  }
  Result<bool> step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failure(db_.check().error());
  }
  Result<> run(const std::string& sql) { return db_.script(sql); }
  Result<std::int64_t> ask_number(const std::string& sql) {
    MUSTER_TRY(const auto statement, prepare(sql));
    MUSTER_TRY(step(statement.get()));
    return sqlite3_column_int64(statement.get(), 0);
  }

  const sqlite::DatabaseFile file_;
  sqlite::Database& db_;
  std::unique_ptr<sqlite::KeptCounts> counts_;   // of a target
  Statement statement_;                          // that puts a row
  std::optional<DeviceColumns> device_columns_;  // while devices are put
  std::optional<size_t> assignment_account_;     // while assignments are put: where the column is
};

}  // namespace

Result<std::unique_ptr<Source>> open_sqlite_source(const std::string& directory) {
  std::error_code error;
  const auto size = std::filesystem::file_size(directory + "/" + sqlite::kDatabaseName, error);
  if (error || size == 0)
    return failure(Code::not_found,
                   "there is no " + std::string(sqlite::kDatabaseName) + " in " + directory +
                       (error ? ": " + error.message() : ": it is empty"),
                   "Give the data directory of the server, -config-path, with -from");
  MUSTER_TRY(auto file, sqlite::open_database_file(directory));
  auto side = std::make_unique<SqliteSide>(std::move(file));
  MUSTER_TRY(side->begin_source());
  return side;
}

Result<std::unique_ptr<Target>> open_sqlite_target(const std::string& directory) {
  MUSTER_TRY(auto file, sqlite::open_database_file(directory));
  auto side = std::make_unique<SqliteSide>(std::move(file));
  MUSTER_TRY(side->begin_target());
  return side;
}

}  // namespace muster::move
