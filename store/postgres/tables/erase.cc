// An account goes in steps: hidden at once, in one row; then its devices, some thousand a transaction, so
// that other accounts' writes get their turn in between; then the rest. A restart goes on where it was.
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

// What an account has beside its devices, and in the end itself.
constexpr Sql kRest[] = {
    "DELETE FROM assignment WHERE account = $1",
    "DELETE FROM sent_batch WHERE account = $1",
    "DELETE FROM question WHERE account = $1",
    "DELETE FROM lane_trouble WHERE account = $1",
    "DELETE FROM profile_trouble WHERE account = $1",
    "DELETE FROM rule WHERE account = $1",
    "DELETE FROM current_profile WHERE account = $1",
    "DELETE FROM profile WHERE account = $1",
    "DELETE FROM note WHERE account = $1",
    "DELETE FROM device_list_member WHERE list IN (SELECT id FROM device_list WHERE account = $1)",
    "DELETE FROM device_list WHERE account = $1",
    "DELETE FROM profile_move WHERE account = $1",
    "DELETE FROM backfill WHERE account = $1",
    "DELETE FROM kept_count WHERE account = $1",
    "DELETE FROM enrolled_count WHERE account = $1",
    "DELETE FROM late_look WHERE account = $1",
    "DELETE FROM day_count WHERE account = $1",
    // The places stay, as those who listen go on from them.
    "UPDATE feed SET account = 0, type = -1, body = '{}' WHERE account = $1",
    "DELETE FROM request WHERE account = $1",
    "DELETE FROM progress WHERE account = $1",
    "DELETE FROM kind WHERE account = $1",
    "DELETE FROM profile_state WHERE account = $1",
    "DELETE FROM detail WHERE account = $1",
    "DELETE FROM account WHERE id = $1",
};

}  // namespace

Result<std::vector<AccountId>> PostgresReader::removed_accounts() {
  return db_.all("SELECT id FROM account WHERE removed = 1 ORDER BY id",
                 [](const Row& row) { return row.as<AccountId>(0); });
}

Result<std::vector<DeviceId>> PostgresReader::devices_to_erase(AccountId account, size_t limit) {
  return db_.all(
      "SELECT d.id FROM device d WHERE d.account = $1 "
      "AND EXISTS (SELECT 1 FROM account WHERE id = $1 AND removed = 1) ORDER BY d.account, d.id LIMIT $2",
      [](const Row& row) { return row.as<DeviceId>(0); }, account, limit);
}

// No account can be created with a slash in its name, so the row that stays for now is in nobody's way.
Result<> PostgresWriter::remove_account(AccountId account) {
  has_changed_keys_ = true;
  MUSTER_TRY(db_.run("DELETE FROM event WHERE account = $1", account));
  MUSTER_TRY(db_.run("DELETE FROM device_lock WHERE account = $1", account));
  MUSTER_TRY(db_.run("DELETE FROM api_key_account WHERE account = $1", account));
  return db_.run(
      "UPDATE account SET removed = 1, name = 'removed/' || id, consumer_key = NULL, consumer_secret = NULL, "
      "access_token = NULL, access_secret = NULL, token_expiry = NULL, certificate = NULL, private_key = "
      "NULL, "
      "apple_json = NULL WHERE id = $1",
      account);
}

Result<> PostgresWriter::erase_devices(std::span<const DeviceId> devices) {
  if (devices.empty()) return {};
  const Value ids = column(devices);
  MUSTER_TRY(
      db_.run("DELETE FROM enrollment e USING device d WHERE d.id = ANY($1) AND e.serial = d.serial AND "
              "(e.account = 0 OR e.account = d.account)",
              ids));
  MUSTER_TRY(db_.run("DELETE FROM history WHERE device = ANY($1)", ids));
  MUSTER_TRY(db_.run("DELETE FROM assignment WHERE device = ANY($1)", ids));
  return db_.run("DELETE FROM device WHERE id = ANY($1)", ids);
}

Result<bool> PostgresWriter::erase_account(AccountId account) {
  const auto as_flag = [](const Row& row) { return row.integer(0) != 0; };
  MUSTER_TRY(const auto removed, db_.first("SELECT removed FROM account WHERE id = $1", as_flag, account));
  if (!removed.value_or(false)) return true;
  MUSTER_TRY(const auto has_devices,
             db_.first("SELECT EXISTS (SELECT 1 FROM device WHERE account = $1)", as_flag, account));
  if (has_devices.value_or(false)) return false;
  for (const Sql sql : kRest) MUSTER_TRY(db_.run(sql, account));
  return true;
}

}  // namespace muster::postgres
