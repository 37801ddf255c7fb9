#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
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

Result<std::vector<SerialList>> SqliteReader::serial_lists(AccountId account) {
  return db_.all("SELECT " LIST_COLUMNS " FROM device_list l WHERE account = ? ORDER BY name", read_list,
                 account);
}

Result<std::optional<SerialList>> SqliteReader::serial_list(AccountId account, const std::string& name) {
  return db_.first("SELECT " LIST_COLUMNS " FROM device_list l WHERE account = ? AND name = ?", read_list,
                   account, name);
}

Result<std::vector<Serial>> SqliteReader::serial_list_page(SerialListId list, const Serial& after,
                                                           size_t limit) {
  return db_.all(
      "SELECT serial FROM device_list_member WHERE list = ? AND serial > ? ORDER BY serial LIMIT ?",
      [](const Row& row) { return Serial(row.text(0)); }, list, after, limit);
}

Result<std::map<Serial, std::set<std::string>>> SqliteReader::lists_of(AccountId account,
                                                                       std::span<const Serial> serials) {
  std::map<Serial, std::set<std::string>> found;
  const auto name = [](const Row& row) { return row.text(0); };
  // Most accounts have no list, and a run asks this for every page.
  MUSTER_TRY(const auto any, db_.first("SELECT name FROM device_list WHERE account = ?", name, account));
  if (!any) return found;
  for (const auto& serial : serials) {
    MUSTER_TRY(const auto names,
               db_.all("SELECT l.name FROM device_list_member m JOIN device_list l ON l.id = m.list "
                       "WHERE m.serial = ? AND l.account = ?",
                       name, serial, account));
    if (!names.empty()) found[serial].insert(names.begin(), names.end());
  }
  return found;
}

Result<> SqliteWriter::put_serial_list(SerialList& list) {
  MUSTER_TRY(will_write("device_list"));
  if (list.id != SerialListId{})
    return db_.run("UPDATE device_list SET version = ?, updated_at = ? WHERE id = ?", list.version,
                   list.updated_at, list.id);
  MUSTER_TRY(const auto present, serial_list(list.account, list.name));
  if (present) return failure(Code::conflict, "the list " + list.name + " exists already");
  MUSTER_TRY(db_.run("INSERT INTO device_list (account, name, version, updated_at) VALUES (?, ?, ?, ?)",
                     list.account, list.name, list.version, list.updated_at));
  list.id = static_cast<SerialListId>(db_.last_id());
  return {};
}

Result<long long> SqliteWriter::add_to_list(SerialListId list, std::span<const Serial> serials) {
  MUSTER_TRY(will_write("device_list_member"));
  long long added = 0;
  for (const auto& serial : serials) {
    MUSTER_TRY(
        db_.run("INSERT OR IGNORE INTO device_list_member (list, serial) VALUES (?, ?)", list, serial));
    added += db_.changes();
  }
  return added;
}

Result<long long> SqliteWriter::remove_from_list(SerialListId list, std::span<const Serial> serials) {
  MUSTER_TRY(will_write("device_list_member"));
  long long removed = 0;
  for (const auto& serial : serials) {
    MUSTER_TRY(db_.run("DELETE FROM device_list_member WHERE list = ? AND serial = ?", list, serial));
    removed += db_.changes();
  }
  return removed;
}

Result<> SqliteWriter::remove_serial_list(SerialListId list) {
  MUSTER_TRY(will_write("device_list_member"));
  MUSTER_TRY(will_write("device_list"));
  MUSTER_TRY(db_.run("DELETE FROM device_list_member WHERE list = ?", list));
  return db_.run("DELETE FROM device_list WHERE id = ?", list);
}

}  // namespace muster::sqlite
