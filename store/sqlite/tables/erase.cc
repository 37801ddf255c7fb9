// An account goes in steps: hidden at once, in one row; then its devices, some thousand a transaction, so
// that other accounts' writes get their turn in between; then the rest. A restart goes on where it was.
#include <algorithm>

#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

// What an account has beside its devices, and in the end itself.
constexpr Sql kRest[] = {
    "DELETE FROM assignment WHERE account = ?",
    "DELETE FROM sent_batch WHERE account = ?",
    "DELETE FROM question WHERE account = ?",
    "DELETE FROM lane_trouble WHERE account = ?",
    "DELETE FROM profile_trouble WHERE account = ?",
    "DELETE FROM rule WHERE account = ?",
    "DELETE FROM current_profile WHERE account = ?",
    "DELETE FROM profile WHERE account = ?",
    "DELETE FROM note WHERE account = ?",
    "DELETE FROM device_list_member WHERE list IN (SELECT id FROM device_list WHERE account = ?)",
    "DELETE FROM device_list WHERE account = ?",
    "DELETE FROM profile_move WHERE account = ?",
    "DELETE FROM backfill WHERE account = ?",
    "DELETE FROM enrolled_count WHERE account = ?",
    "DELETE FROM late_look WHERE account = ?",
    "DELETE FROM day_count WHERE account = ?",
    // The places stay, as those who listen go on from them.
    "UPDATE feed SET account = 0, type = -1, body = '{}' WHERE account = ?",
    "DELETE FROM kind WHERE account = ?",
    "DELETE FROM profile_state WHERE account = ?",
    "DELETE FROM detail WHERE account = ?",
    "DELETE FROM account WHERE id = ?",
};

}  // namespace

Result<std::vector<AccountId>> SqliteReader::removed_accounts() {
  return db_.all("SELECT id FROM account WHERE removed = 1 ORDER BY id",
                 [](const Row& row) { return row.as<AccountId>(0); });
}

// By the tables of serials, which have the ids, too; by id, because rows that are neighbours in the file are
// cheap to delete together.
Result<std::vector<DeviceId>> SqliteReader::devices_to_erase(AccountId account, size_t limit) {
  return db_.all(
      "WITH gone AS (SELECT id FROM account WHERE id = ?1 AND removed = 1) "
      "SELECT place FROM gone CROSS JOIN serial_index ON owner = id UNION ALL "
      "SELECT place FROM gone CROSS JOIN serial_recent ON owner = id ORDER BY place LIMIT ?2",
      [](const Row& row) { return row.as<DeviceId>(0); }, account, limit);
}

// No account can be created with a slash in its name, so the row that stays for now is in nobody's way.
Result<> SqliteWriter::remove_account(AccountId account) {
  has_replaced_secrets_ = true;
  has_changed_keys_ = true;
  MUSTER_TRY(db_.run("DELETE FROM event WHERE account = ?", account));
  MUSTER_TRY(db_.run("DELETE FROM device_lock WHERE account = ?", account));
  MUSTER_TRY(db_.run("DELETE FROM api_key_account WHERE account = ?", account));
  return db_.run(
      "UPDATE account SET removed = 1, name = 'removed/' || id, consumer_key = NULL, consumer_secret = NULL, "
      "access_token = NULL, access_secret = NULL, token_expiry = NULL, certificate = NULL, private_key = "
      "NULL, "
      "apple_json = NULL WHERE id = ?",
      account);
}

Result<> SqliteWriter::erase_devices(std::span<const DeviceId> devices) {
  if (devices.empty()) return {};
  MUSTER_TRY(const auto last, last_indexed(db_));
  if (*std::max_element(devices.begin(), devices.end()) > last) MUSTER_TRY(serials_.index_all(db_));
  for (const DeviceId id : devices) {
    MUSTER_TRY(
        db_.run("DELETE FROM enrollment WHERE serial = (SELECT serial FROM device WHERE id = ?1) AND "
                "account IN (0, (SELECT account FROM device WHERE id = ?1))",
                id));
    MUSTER_TRY(db_.run("DELETE FROM history WHERE device = ?", id));
    MUSTER_TRY(db_.run("DELETE FROM assignment WHERE device = ?", id));
    MUSTER_TRY(db_.run("DELETE FROM device WHERE id = ?", id));
  }
  return {};
}

Result<bool> SqliteWriter::erase_account(AccountId account) {
  const auto as_flag = [](const Row& row) { return row.integer(0) != 0; };
  MUSTER_TRY(const auto removed, db_.first("SELECT removed FROM account WHERE id = ?", as_flag, account));
  if (!removed.value_or(false)) return true;
  MUSTER_TRY(const auto has_devices,
             db_.first("SELECT EXISTS (SELECT 1 FROM serial_index WHERE owner = ?1) OR "
                       "EXISTS (SELECT 1 FROM serial_recent WHERE owner = ?1)",
                       as_flag, account));
  if (has_devices.value_or(false)) return false;
  for (const Sql sql : kRest) MUSTER_TRY(db_.run(sql, account));
  return true;
}

}  // namespace muster::sqlite
