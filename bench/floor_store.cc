// What getting and storing the devices costs at least: the whole list, parsed, each device a row of one plain
// SQLite table in order of arrival, the serial's index made at the end. No history, no rules, no decisions,
// nothing synced to the disk, no journal: the least honest storing.
//
//   floor_store http://127.0.0.1:PORT DATABASE
#include <sqlite3.h>

#include <array>
#include <boost/json.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <cstdio>
#include <stdexcept>

#include "bench/apple_line.h"

namespace {

namespace json = boost::json;

// A column each; what else a row has is the last column's.
constexpr std::array<std::string_view, 12> kColumns = {"serial_number",
                                                       "model",
                                                       "description",
                                                       "color",
                                                       "asset_tag",
                                                       "device_family",
                                                       "os",
                                                       "profile_status",
                                                       "profile_uuid",
                                                       "profile_assign_time",
                                                       "device_assigned_by",
                                                       "device_assigned_date"};

class Table {
 public:
  explicit Table(const char* path) {
    must(sqlite3_open(path, &db_));
    run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
    std::string columns, marks;
    for (const auto column : kColumns) {
      columns += std::string(column) + " TEXT, ";
      marks += "?, ";
    }
    run("CREATE TABLE device (" + columns + "other TEXT) STRICT");
    must(sqlite3_prepare_v2(db_, ("INSERT INTO device VALUES (" + marks + "?)").c_str(), -1, &insert_,
                            nullptr));
  }
  ~Table() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }

  void run(const std::string& sql) { must(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }

  void add(const json::object& row) {
    other_.clear();
    for (const auto& member : row) {
      const std::string_view key(member.key().data(), member.key().size());
      size_t column = 0;
      while (column < kColumns.size() && kColumns[column] != key) ++column;
      if (column < kColumns.size() && member.value().is_string())
        bind(column, member.value().get_string());
      else
        append(key, member.value());
    }
    bind(kColumns.size(), other_);
    if (sqlite3_step(insert_) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
    sqlite3_reset(insert_);
    sqlite3_clear_bindings(insert_);
  }

 private:
  void must(int code) {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  void bind(size_t column, std::string_view text) {
    sqlite3_bind_text(insert_, static_cast<int>(column) + 1, text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
  }
  void append(std::string_view key, const json::value& value) {
    other_.append(key).append(":");
    if (const auto* text = value.if_string()) other_.append(text->data(), text->size());
    if (const auto* list = value.if_array())
      for (const auto& item : *list)
        if (const auto* text = item.if_string()) other_.append(text->data(), text->size()).append(",");
    other_ += ';';
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  std::string other_;
};

void store(const std::string& url, const char* path) {
  muster::bench::AppleLine apple(url);
  Table table(path);
  std::string cursor;
  for (;;) {
    const auto& page = apple.call("POST", "/server/devices", muster::bench::page_request(cursor));
    {
      json::monotonic_resource memory(page.size() * 2);
      const auto tree = json::parse(page, &memory);
      table.run("BEGIN");
      for (const auto& row : tree.at("devices").as_array()) table.add(row.as_object());
      table.run("COMMIT");
    }
    cursor = muster::bench::cursor_of(page);
    if (!muster::bench::more_follows(page)) break;
  }
  table.run("CREATE UNIQUE INDEX device_serial ON device (serial_number)");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: floor_store URL DATABASE");
  store(argv[1], argv[2]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "floor_store: %s\n", error.what());
  return 1;
}
