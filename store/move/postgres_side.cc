#include "store/move/side.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/text/encoding.h"
#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "model/device_flags.h"
#include "store/postgres/database.h"
#include "store/postgres/engine/copy.h"
#include "store/postgres/engine/dictionary.h"

namespace muster::move {
namespace {

using postgres::Connection;

// Of a million devices and more; the connection is watched all the same.
constexpr Millis kStatementLimit = std::chrono::hours(24);
constexpr size_t kSentAtOnce = 64 << 10;  // bytes

// PostgreSQL's numbers of types that value.h does not have.
constexpr std::int64_t kSmallintType = 21, kTextType = 25;

// A server begins, renews its right and writes only behind locks of these, which end with the transaction.
constexpr const char* kLock =
    "SET LOCAL lock_timeout = '10s'; LOCK TABLE server, account, installation IN EXCLUSIVE MODE; "
    "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

struct Column {
  std::string name;
  std::int64_t type;
};

// Compared only, its columns may have other names here.
std::string name_here(const Table& table, const std::string& column) {
  return table.kind == Table::Kind::counts && column == "part" ? "profile" : column;
}

std::string_view text_of(const Cell& cell) {
  const auto* const text = std::get_if<std::string_view>(&cell);
  return text ? *text : std::string_view();
}

// As SQL has it, also where it has bytes that no screen shows.
std::string literal(const Cell& cell) {
  if (const auto* const number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  const std::string_view text = text_of(cell);
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\''; };
  if (is_utf8(text) && std::all_of(text.begin(), text.end(), is_plain)) return fmt::format("'{}'", text);
  return fmt::format("CAST(x'{}' AS TEXT)", hex_lower(text));
}

// What finds the row, in SQL.
std::string condition(const Table& table, Cells row) {
  std::string sql;
  for (const auto& column : split_list(table.order, ','))
    sql += fmt::format("{}{} = {}", sql.empty() ? "" : " AND ", column, literal(row[table.place_of(column)]));
  return sql;
}

class PostgresSide final : public Target {
 public:
  explicit PostgresSide(std::unique_ptr<Connection> db) : db_(std::move(db)) {}

  std::string place() const override { return "the database " + db_->place(); }

  Result<> begin_source() { return begin("BEGIN ISOLATION LEVEL REPEATABLE READ"); }

  // Rules and lists that come in a move are no changes of the configuration (schema/accounts.sql).
  Result<> begin_target() {
    MUSTER_TRY(begin("BEGIN"));
    MUSTER_TRY(run("SET LOCAL muster.trying_out = 'on'"));
    for (const auto& table : tables())
      if (table.kind == Table::Kind::rows) MUSTER_TRY(check_empty(table));
    return {};
  }

  Result<> read(const Table& table, const TakeRow& take) override {
    MUSTER_TRY(const auto columns, columns_of(table));
    std::string names;
    for (const auto& column : columns)
      names +=
          fmt::format("{}{} AS {}", names.empty() ? "" : ", ", name_here(table, column.name), column.name);
    MUSTER_TRY(db_->begin_copy(
        fmt::format("COPY (SELECT {} FROM {}{}{} ORDER BY {}) TO STDOUT (FORMAT binary)", names, table.name,
                    *table.compared ? " WHERE " : "", table.compared, table.order)));
    std::vector<postgres::CopiedField> fields;
    std::vector<Cell> row;
    for (;;) {
      MUSTER_TRY(const auto bytes, db_->next_copied());
      if (!bytes) return {};
      for (std::string_view rest = bytes->view();;) {
        MUSTER_TRY(const bool has_row, postgres::take_row(rest, fields));
        if (!has_row) break;
        row.clear();
        for (size_t i = 0; i < fields.size(); ++i) row.push_back(cell(fields[i], columns[i].type));
        MUSTER_TRY(take(row));
      }
    }
  }

  Result<std::int64_t> last_id(const Table& table) override {
    if (!table.has_ids()) return 0;
    MUSTER_TRY(const auto sequence, sequence_of(table));
    // Devices get theirs a thousand at a time.
    MUSTER_TRY(const auto last, ask_number(fmt::format(
                                    "SELECT CASE WHEN is_called THEN last_value + {} ELSE last_value - 1 END "
                                    "FROM {}",
                                    is_device(table) ? 999 : 0, sequence)));
    MUSTER_TRY(const auto highest,
               ask_number(fmt::format("SELECT coalesce(max(id), 0) FROM {}", table.name)));
    return std::max(last, highest);
  }

  Result<> begin(const Table& table) override {
    table_ = &table;
    MUSTER_TRY(columns_, columns_of(table));
    if (table.kind == Table::Kind::one_row) MUSTER_TRY(run(fmt::format("DELETE FROM {}", table.name)));
    MUSTER_TRY(drop_indexes(table));
    has_digest_ = is_dictionary(table);
    other_.reset();
    if (is_device(table)) other_ = table.place_of("other");
    const char* const derived = has_digest_ ? ", digest" : other_ ? ", migrating, replacement" : "";
    MUSTER_TRY(db_->begin_copy(
        fmt::format("COPY {} ({}{}) FROM STDIN (FORMAT binary)", table.name, table.columns, derived)));
    bytes_.clear();
    bytes_.begin();
    return {};
  }

  Result<> put(Cells row) override {
    bytes_.begin_row(row.size() + (has_digest_ ? 1 : other_ ? 2 : 0));
    for (size_t i = 0; i < row.size(); ++i) {
      if (const auto* const number = std::get_if<std::int64_t>(&row[i])) {
        bytes_.add_number(*number, columns_[i].type == kSmallintType ? 2 : 8);
      } else if (const auto* const text = std::get_if<std::string_view>(&row[i])) {
        MUSTER_TRY(check_text(row, i, *text));
        bytes_.add_text(*text);
      } else {
        bytes_.add_null();
      }
    }
    if (has_digest_) bytes_.add_text(digest(row));
    if (other_) {
      bytes_.add_boolean(is_migrating(text_of(row[*other_])));
      bytes_.add_boolean(is_replacement(text_of(row[*other_])));
    }
    return bytes_.size() < kSentAtOnce ? Result<>() : send();
  }

  Result<> end() override {
    bytes_.end();
    MUSTER_TRY(send());
    MUSTER_TRY(db_->end_copy());
    for (const auto& index : dropped_indexes_) MUSTER_TRY(run(index));
    return {};
  }

  // By a statement that the transaction's end undoes, as setval() is not.
  Result<> put_last_id(const Table& table, std::int64_t id) override {
    if (!table.has_ids()) return {};
    MUSTER_TRY(const auto sequence, sequence_of(table));
    return run(fmt::format("ALTER SEQUENCE {} RESTART WITH {}", sequence, id + 1));
  }

  // Triggers have counted, and indexes are there. What the planner knows is of an empty table.
  Result<> finish() override { return run("ANALYZE"); }

  Result<> commit() override { return run("COMMIT"); }

 private:
  static bool is_device(const Table& table) { return std::string_view(table.name) == "device"; }
  // Its rows are found by a digest of their texts (postgres/engine/dictionary.h).
  static bool is_dictionary(const Table& table) {
    const std::string_view name = table.name;
    return name == "kind" || name == "profile_state" || name == "detail";
  }
  // Of id, account and texts.
  static std::string digest(Cells row) {
    std::vector<std::string_view> texts;
    for (const auto& cell : row.subspan(2)) texts.push_back(text_of(cell));
    return postgres::digest_of(
        postgres::dictionary_key(static_cast<AccountId>(std::get<std::int64_t>(row[1])), texts));
  }

  Result<> begin(const char* transaction) {
    MUSTER_TRY(check_no_server());  // before it has to wait for us
    MUSTER_TRY(run(transaction));
    MUSTER_TRY(run(kLock));
    return check_no_server();
  }

  Result<> check_no_server() {
    MUSTER_TRY(
        const auto alive,
        db_->script("SELECT name FROM server WHERE alive_until > clock_timestamp() ORDER BY id LIMIT 1"));
    if (alive.size() == 0) return {};
    return failure(Code::conflict,
                   fmt::format("the server \"{}\" is running on {}", alive[0].text(0), place()),
                   "Stop all servers that use it. One that was killed counts as running for up to 10 s");
  }

  Result<> check_empty(const Table& table) {
    MUSTER_TRY(const auto rows,
               ask_number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) first", table.name)));
    if (rows == 0) return {};
    return failure(Code::conflict, fmt::format("{} is not empty: its table {} has rows", place(), table.name),
                   "Nothing was changed. Give a new database: dropdb NAME, then createdb NAME");
  }

  // An index that is made of all rows at once costs a part of one that takes them as they come. Those of keys
  // stay: rows come in their order, mostly.
  Result<> drop_indexes(const Table& table) {
    MUSTER_TRY(
        const auto indexes,
        db_->script(fmt::format("SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) "
                                "FROM pg_index WHERE indrelid = '{}'::regclass AND NOT EXISTS (SELECT 1 "
                                "FROM pg_constraint WHERE conindid = indexrelid)",
                                table.name)));
    dropped_indexes_.clear();
    for (size_t i = 0; i < indexes.size(); ++i) {
      dropped_indexes_.push_back(indexes[i].text(1));
      MUSTER_TRY(run("DROP INDEX " + indexes[i].text(0)));
    }
    return {};
  }

  Result<std::vector<Column>> columns_of(const Table& table) {
    MUSTER_TRY(const auto rows,
               db_->ask("SELECT attname::text, atttypid::bigint FROM pg_attribute "
                        "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
                        table.name));
    std::map<std::string, std::int64_t> types;
    for (size_t i = 0; i < rows.size(); ++i) types.emplace(rows[i].text(0), rows[i].integer(1));
    std::vector<Column> columns;
    for (auto& name : table.column_names()) {
      const auto type = types.find(name_here(table, name));
      if (type == types.end())
        return failure(Code::internal,
                       fmt::format("{}: the table {} has no column {}", place(), table.name, name));
      columns.push_back({std::move(name), type->second});
    }
    return columns;
  }

  Result<std::string> sequence_of(const Table& table) {
    if (is_device(table)) return std::string("device_number");
    MUSTER_TRY(const auto name,
               db_->script(fmt::format("SELECT pg_get_serial_sequence('{}', 'id')", table.name)));
    return name[0].text(0);
  }

  static Cell cell(const postgres::CopiedField& field, std::int64_t type) {
    if (!field) return {};
    if (type == kTextType) return *field;
    return postgres::number_of(*field);
  }

  Result<> check_text(Cells row, size_t place, std::string_view text) const {
    const bool has_nul = text.find('\0') != std::string_view::npos;
    if (!has_nul && is_utf8(text)) return {};
    const std::string where = condition(*table_, row);
    return failure(
        Code::invalid,
        fmt::format("the column {} of the table {} has a text {}, which PostgreSQL cannot store, where {}",
                    columns_[place].name, table_->name,
                    has_nul ? "with a NUL character" : "that is not UTF-8", where),
        fmt::format("Nothing was moved. Make a copy of muster.db, replace the text with the program sqlite3 "
                    "(UPDATE {} SET {} = '...' WHERE {}), and try again",
                    table_->name, columns_[place].name, where));
  }

  Result<> send() {
    MUSTER_TRY(db_->put_copied(bytes_.view()));
    bytes_.clear();
    return {};
  }
  Result<> run(const std::string& sql) {
    return db_->script(sql).map([](const postgres::Rows&) {});
  }
  // Of a script's answer, which is in text form.
  Result<std::int64_t> ask_number(const std::string& sql) {
    MUSTER_TRY(const auto rows, db_->script(sql));
    return std::atoll(rows[0].text(0).c_str());
  }

  const std::unique_ptr<Connection> db_;
  // Of the rows that come:
  const Table* table_ = nullptr;
  std::vector<Column> columns_;
  std::vector<std::string> dropped_indexes_;  // the statements that make them again
  bool has_digest_ = false;
  std::optional<size_t> other_;  // of devices: where the column is
  postgres::CopyBytes bytes_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_postgres_source(const std::string& url) {
  const postgres::ConnectionSettings settings{url, kStatementLimit};
  {
    MUSTER_TRY(const auto connection, Connection::open(settings));
    MUSTER_TRY(const auto version, postgres::schema_version(*connection));
    if (version == 0)
      return failure(Code::not_found, "the database " + connection->place() + " has no tables of muster",
                     "Give the database of the servers, -database, with -from");
  }
  MUSTER_TRY(auto db, postgres::open_database(settings));
  auto side = std::make_unique<PostgresSide>(std::move(db));
  MUSTER_TRY(side->begin_source());
  return side;
}

Result<std::unique_ptr<Target>> open_postgres_target(const std::string& url) {
  MUSTER_TRY(auto db, postgres::open_database({url, kStatementLimit}));
  auto side = std::make_unique<PostgresSide>(std::move(db));
  MUSTER_TRY(side->begin_target());
  return side;
}

}  // namespace muster::move
