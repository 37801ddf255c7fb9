#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define ACCOUNT_COLUMNS                                                                                        \
  "id, name, base_url, consumer_key, token_expiry, server_name, server_uuid, org_name, admin_id, page_limit, " \
  "apple_json, paused, clock_offset, worker, epoch, inherit_replacements"

Account read_account(const Row& row) {
  Account account;
  account.id = row.as<AccountId>(0);
  account.name = AccountName(row.text(1));
  account.base_url = row.text(2);
  if (!row.is_null(3)) account.token = TokenInfo{row.text(3), row.optional_time(4)};
  if (!row.is_null(10))
    account.apple = AppleAccount{
        row.text(5), row.text(6), row.text(7), row.text(8), static_cast<int>(row.integer(9)), row.text(10)};
  account.paused = row.integer(11) != 0;
  if (!row.is_null(12)) account.clock_offset = Millis(row.integer(12));
  account.worker = row.as<ServerId>(13);
  account.epoch = row.integer(14);
  account.inherit_replacements = row.integer(15) != 0;
  return account;
}

}  // namespace

Result<std::vector<Account>> SqliteReader::accounts() {
  return db_.all("SELECT " ACCOUNT_COLUMNS " FROM account WHERE removed = 0 ORDER BY id", read_account);
}

// By one index or the other.
Result<std::vector<Account>> SqliteReader::accounts_of_service(const std::string& consumer_key,
                                                               const std::string& server_uuid) {
  return db_.all("SELECT " ACCOUNT_COLUMNS
                 " FROM account WHERE (consumer_key = ? OR (server_uuid = ? AND "
                 "server_uuid <> '')) AND removed = 0 ORDER BY id",
                 read_account, consumer_key, server_uuid);
}

Result<std::optional<Account>> SqliteReader::account(const AccountName& name) {
  return db_.first("SELECT " ACCOUNT_COLUMNS " FROM account WHERE name = ? AND removed = 0", read_account,
                   name);
}

Result<std::optional<Account>> SqliteReader::account(AccountId id) {
  return db_.first("SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = ? AND removed = 0", read_account, id);
}

Result<std::vector<AccountId>> SqliteReader::account_ids() {
  return db_.all("SELECT id FROM account WHERE removed = 0 ORDER BY id",
                 [](const Row& row) { return row.as<AccountId>(0); });
}

Result<std::optional<Token>> SqliteReader::stored_token(AccountId account) {
  return db_.first(
      "SELECT consumer_key, consumer_secret, access_token, access_secret, token_expiry FROM account "
      "WHERE id = ? AND removed = 0 AND consumer_key IS NOT NULL",
      [](const Row& row) {
        return Token{row.text(0), row.text(1), row.text(2), row.text(3), row.optional_time(4)};
      },
      account);
}

Result<std::optional<KeyPair>> SqliteReader::stored_key_pair(AccountId account) {
  return db_.first(
      "SELECT certificate, private_key FROM account WHERE id = ? AND removed = 0 AND certificate IS NOT NULL",
      [](const Row& row) {
        return KeyPair{row.text(0), row.text(1)};
      },
      account);
}

Result<SyncState> SqliteReader::sync_state(AccountId account) {
  MUSTER_TRY(auto state,
             db_.first(
                 "SELECT changes_cursor, cursor_troubles, refetch_not_before, list_cursor, list_under_way, "
                 "list_number, list_began, next_list, baseline_done, baseline_began, many_missing_since, "
                 "many_missing, taken_over_since FROM account WHERE id = ?",
                 [](const Row& row) {
                   return SyncState{.changes = Cursor(row.text(0)),
                                    .cursor_troubles = static_cast<int>(row.integer(1)),
                                    .refetch_not_before = row.optional_time(2),
                                    .list = Cursor(row.text(3)),
                                    .list_under_way = row.integer(4) != 0,
                                    .list_number = row.integer(5),
                                    .list_began = row.optional_time(6),
                                    .next_list = row.optional_time(7),
                                    .baseline_done = row.integer(8) != 0,
                                    .baseline_began = row.optional_time(9),
                                    .taken_over_since = row.optional_time(12),
                                    .many_missing_since = row.optional_time(10),
                                    .many_missing = row.integer(11)};
                 },
                 account));
  return state.value_or(SyncState{});
}

Result<RunRecord> SqliteReader::run_record(AccountId account) {
  MUSTER_TRY(auto record, db_.first(
                              "SELECT last_success, last_attempt, last_error FROM account WHERE id = ?",
                              [](const Row& row) {
                                return RunRecord{row.optional_time(0), row.optional_time(1), row.text(2)};
                              },
                              account));
  return record.value_or(RunRecord{});
}

Result<std::optional<Time>> SqliteReader::last_attempt() {
  MUSTER_TRY(const auto last, db_.first("SELECT max(last_attempt) FROM account WHERE removed = 0",
                                        [](const Row& row) { return row.optional_time(0); }));
  return last.value_or(std::nullopt);
}

Result<Health> SqliteReader::health(AccountId account) {
  MUSTER_TRY(auto health,
             db_.first(
                 "SELECT health_state, health_since, health_word, health_message, health_mend, health_told, "
                 "failures, not_before, health_reminded FROM account WHERE id = ?",
                 [](const Row& row) {
                   return Health{row.as<Health::State>(0),
                                 row.optional_time(1),
                                 row.text(2),
                                 row.text(3),
                                 row.text(4),
                                 row.optional_time(5),
                                 static_cast<int>(row.integer(6)),
                                 row.optional_time(7),
                                 row.optional_time(8)};
                 },
                 account));
  return health.value_or(Health{});
}

Result<long long> SqliteReader::config_revision(AccountId account) {
  MUSTER_TRY(const auto revision,
             db_.first(
                 "SELECT config_revision FROM account WHERE id = ?",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, account));
  return revision.value_or(0);
}

Result<AccountId> SqliteWriter::create_account(const AccountName& name) {
  MUSTER_TRY(const auto present, account(name));
  if (present) return failure(Code::conflict, "the account \"" + name.str() + "\" exists already");
  MUSTER_TRY(db_.run("UPDATE account_number SET last = last + 1"));
  MUSTER_TRY(db_.run("INSERT INTO account (id, name) SELECT last, ? FROM account_number", name));
  return static_cast<AccountId>(db_.last_id());
}

Result<> SqliteWriter::put_base_url(AccountId account, const std::string& base_url) {
  return db_.run("UPDATE account SET base_url = ? WHERE id = ?", base_url, account);
}

Result<> SqliteWriter::put_paused(AccountId account, bool paused) {
  return db_.run("UPDATE account SET paused = ? WHERE id = ?", paused, account);
}

Result<> SqliteWriter::put_inherit_replacements(AccountId account, bool inherit) {
  return db_.run("UPDATE account SET inherit_replacements = ? WHERE id = ?", inherit, account);
}

Result<> SqliteWriter::put_stored_key_pair(AccountId account, const KeyPair& pair) {
  has_replaced_secrets_ = true;
  return db_.run("UPDATE account SET certificate = ?, private_key = ? WHERE id = ?", pair.certificate_pem,
                 pair.private_key_pem, account);
}

Result<> SqliteWriter::put_stored_token(AccountId account, const Token& token) {
  has_replaced_secrets_ = true;
  return db_.run(
      "UPDATE account SET consumer_key = ?, consumer_secret = ?, access_token = ?, access_secret = ?, "
      "token_expiry = ?, epoch = epoch + 1 WHERE id = ?",
      token.consumer_key, token.consumer_secret, token.access_token, token.access_secret,
      token.access_token_expiry, account);
}

Result<> SqliteWriter::check_epoch(AccountId account, long long epoch) {
  MUSTER_TRY(const auto current, db_.first(
                                     "SELECT epoch FROM account WHERE id = ? AND removed = 0",
                                     [](const Row& row) { return row.integer(0); }, account));
  return current == epoch ? Result<>() : failure(not_current_any_more());
}

Result<> SqliteWriter::put_apple_account(AccountId account, const AppleAccount& apple) {
  return db_.run(
      "UPDATE account SET server_name = ?, server_uuid = ?, org_name = ?, admin_id = ?, page_limit = ?, "
      "apple_json = ? WHERE id = ?",
      apple.server_name, apple.server_uuid, apple.org_name, apple.admin_id, apple.page_limit, apple.json,
      account);
}

Result<> SqliteWriter::put_sync_state(AccountId account, const SyncState& state) {
  return db_.run(
      "UPDATE account SET changes_cursor = ?, cursor_troubles = ?, refetch_not_before = ?, list_cursor = ?, "
      "list_under_way = ?, list_number = ?, list_began = ?, next_list = ?, baseline_done = ?, "
      "baseline_began = ?, taken_over_since = ?, many_missing_since = ?, many_missing = ? WHERE id = ?",
      state.changes, state.cursor_troubles, state.refetch_not_before, state.list, state.list_under_way,
      state.list_number, state.list_began, state.next_list, state.baseline_done, state.baseline_began,
      state.taken_over_since, state.many_missing_since, state.many_missing, account);
}

Result<> SqliteWriter::put_clock_offset(AccountId account, Millis offset) {
  return db_.run("UPDATE account SET clock_offset = ? WHERE id = ?", offset.count(), account);
}

Result<> SqliteWriter::put_health(AccountId account, const Health& health) {
  return db_.run(
      "UPDATE account SET health_state = ?, health_since = ?, health_word = ?, health_message = ?, "
      "health_mend = ?, health_told = ?, failures = ?, not_before = ?, health_reminded = ? WHERE id = ?",
      health.state, health.since, health.word, health.message, health.remedy, health.told, health.failures,
      health.not_before, health.reminded, account);
}

Result<> SqliteWriter::put_run_record(AccountId account, const RunRecord& record) {
  return db_.run("UPDATE account SET last_success = ?, last_attempt = ?, last_error = ? WHERE id = ?",
                 record.last_success, record.last_attempt, record.last_error, account);
}

}  // namespace muster::sqlite
