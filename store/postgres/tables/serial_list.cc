#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define LIST_COLUMNS \
  "id, account, name, version, updated_at, (SELECT count(*) FROM device_list_member m WHERE m.list = l.id)"

SerialList read_list(const Row& row) {
  return {.id = row.as<SerialListId>(0),
          .account = row.as<AccountId>(1),
          .name = row.text(2),
          .version = row.integer(3),
          .updated_at = row.time(4),
          .size = row.integer(5)};
}

}  // namespace

Result<std::vector<SerialList>> PostgresReader::serial_lists(AccountId account) {
  return db_.all("SELECT " LIST_COLUMNS " FROM device_list l WHERE account = $1 ORDER BY name", read_list,
                 account);
}

Result<std::optional<SerialList>> PostgresReader::serial_list(AccountId account, const std::string& name) {
  return db_.first("SELECT " LIST_COLUMNS " FROM device_list l WHERE account = $1 AND name = $2", read_list,
                   account, name);
}

Result<std::vector<Serial>> PostgresReader::serial_list_page(SerialListId list, const Serial& after,
                                                             size_t limit) {
  return db_.all(
      "SELECT serial FROM device_list_member WHERE list = $1 AND serial > $2 ORDER BY serial LIMIT $3",
      [](const Row& row) { return Serial(row.text(0)); }, list, after, limit);
}

Result<std::map<Serial, std::set<std::string>>> PostgresReader::lists_of(AccountId account,
                                                                         std::span<const Serial> serials) {
  std::map<Serial, std::set<std::string>> found;
  if (serials.empty()) return found;
  MUSTER_TRY(
      auto names,
      db_.all(
          "SELECT m.serial, l.name FROM unnest($2) AS given (serial) CROSS JOIN LATERAL (SELECT * FROM "
          "device_list_member WHERE serial = given.serial " EACH_BY_INDEX
          ") AS m JOIN device_list l ON l.id = m.list WHERE l.account = $1",
          [](const Row& row) { return std::pair(Serial(row.text(0)), row.text(1)); }, account,
          column(serials)));
  for (auto& [serial, name] : names) found[serial].insert(std::move(name));
  return found;
}

Result<> PostgresWriter::put_serial_list(SerialList& list) {
  if (list.id != SerialListId{})
    return db_.run("UPDATE device_list SET version = $1, updated_at = $2 WHERE id = $3", list.version,
                   list.updated_at, list.id);
  MUSTER_TRY(const auto present, serial_list(list.account, list.name));
  if (present) return failure(Code::conflict, "the list " + list.name + " exists already");
  MUSTER_TRY(const auto created, db_.ask("INSERT INTO device_list (account, name, version, updated_at) "
                                         "VALUES ($1, $2, $3, $4) RETURNING id",
                                         list.account, list.name, list.version, list.updated_at));
  list.id = created[0].as<SerialListId>(0);
  return {};
}

Result<long long> PostgresWriter::add_to_list(SerialListId list, std::span<const Serial> serials) {
  MUSTER_TRY(const auto added, db_.ask("INSERT INTO device_list_member (list, serial) "
                                       "SELECT $1, serial FROM unnest($2) AS given (serial) "
                                       "ON CONFLICT (list, serial) DO NOTHING",
                                       list, column(serials)));
  return added.affected();
}

Result<long long> PostgresWriter::remove_from_list(SerialListId list, std::span<const Serial> serials) {
  MUSTER_TRY(
      const auto removed,
      db_.ask("DELETE FROM device_list_member WHERE list = $1 AND serial = ANY($2)", list, column(serials)));
  return removed.affected();
}

Result<> PostgresWriter::remove_serial_list(SerialListId list) {
  MUSTER_TRY(db_.run("DELETE FROM device_list_member WHERE list = $1", list));
  return db_.run("DELETE FROM device_list WHERE id = $1", list);
}

}  // namespace muster::postgres
