// Texts that are sealed already (store/secrets.h).
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define STORED_SECRETS                                                                 \
  "SELECT id, consumer_secret, access_token, access_secret, private_key FROM account " \
  "WHERE id > ? ORDER BY id LIMIT ?"

StoredSecrets read_secrets(const Row& row) {
  const auto optional_text = [&](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
  };
  return {row.as<AccountId>(0), optional_text(1), optional_text(2), optional_text(3), optional_text(4)};
}

#define LOCK_COLUMNS "account, serial, code, made_at, made_by, unanswered, word, answered_at, locked_at"

DeviceLock read_lock(const Row& row) {
  return {.account = row.as<AccountId>(0),
          .serial = Serial(row.text(1)),
          .code = row.text(2),
          .made_at = row.time(3),
          .made_by = row.text(4),
          .unanswered = row.integer(5),
          .word = row.text(6),
          .answered_at = row.optional_time(7),
          .locked_at = row.optional_time(8)};
}

}  // namespace

Result<std::vector<StoredSecrets>> SqliteReader::stored_secrets(AccountId after, size_t limit) {
  return db_.all(STORED_SECRETS, read_secrets, after, limit);
}

Result<std::optional<SealingState>> SqliteReader::sealing_state() {
  return db_.first("SELECT proof, overwritten FROM sealing", [](const Row& row) {
    return SealingState{row.text(0), row.integer(1) != 0};
  });
}

Result<std::optional<DeviceLock>> SqliteReader::stored_device_lock(AccountId account, const Serial& serial) {
  return db_.first("SELECT " LOCK_COLUMNS " FROM device_lock WHERE account = ?1 AND serial = ?2", read_lock,
                   account, serial);
}

Result<std::vector<DeviceLock>> SqliteReader::stored_device_locks(AccountId after, AccountId last) {
  return db_.all("SELECT " LOCK_COLUMNS
                 " FROM device_lock WHERE account > ?1 AND account <= ?2 ORDER BY account, serial",
                 read_lock, after, last);
}

Result<> SqliteWriter::put_stored_device_lock(const DeviceLock& lock) {
  has_replaced_secrets_ = true;
  return db_.run(
      "INSERT INTO device_lock (" LOCK_COLUMNS
      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
      "ON CONFLICT (account, serial) DO UPDATE SET code = excluded.code, made_at = excluded.made_at, "
      "made_by = excluded.made_by, unanswered = excluded.unanswered, word = excluded.word, "
      "answered_at = excluded.answered_at, locked_at = excluded.locked_at",
      lock.account, lock.serial, lock.code, lock.made_at, lock.made_by, lock.unanswered, lock.word,
      lock.answered_at, lock.locked_at);
}

Result<std::optional<EnrollmentWebhook>> SqliteReader::stored_enrollment_webhook() {
  return db_.first("SELECT secret, old_secret, old_secret_until, made_at, made_by FROM enrollment_webhook",
                   [](const Row& row) {
                     return EnrollmentWebhook{.secret = row.text(0),
                                              .old_secret = row.text(1),
                                              .old_secret_until = row.optional_time(2),
                                              .made_at = row.time(3),
                                              .made_by = row.text(4)};
                   });
}

Result<> SqliteWriter::put_stored_enrollment_webhook(const EnrollmentWebhook& webhook) {
  has_replaced_secrets_ = true;
  MUSTER_TRY(db_.run("DELETE FROM enrollment_webhook"));
  return db_.run(
      "INSERT INTO enrollment_webhook (secret, old_secret, old_secret_until, made_at, made_by) "
      "VALUES (?, ?, ?, ?, ?)",
      webhook.secret, webhook.old_secret, webhook.old_secret_until, webhook.made_at, webhook.made_by);
}

Result<bool> SqliteWriter::remove_enrollment_webhook() {
  has_replaced_secrets_ = true;
  MUSTER_TRY(db_.run("DELETE FROM enrollment_webhook"));
  return db_.changes() > 0;
}

Result<> SqliteWriter::put_stored_secrets(const StoredSecrets& secrets) {
  has_replaced_secrets_ = true;
  return db_.run(
      "UPDATE account SET consumer_secret = ?, access_token = ?, access_secret = ?, private_key = ? "
      "WHERE id = ?",
      secrets.consumer_secret, secrets.access_token, secrets.access_secret, secrets.private_key,
      secrets.account);
}

Result<> SqliteWriter::put_sealing_state(const SealingState& state) {
  MUSTER_TRY(db_.run("DELETE FROM sealing"));
  return db_.run("INSERT INTO sealing (proof, overwritten) VALUES (?, ?)", state.proof, state.is_overwritten);
}

}  // namespace muster::sqlite
