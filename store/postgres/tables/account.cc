#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define ACCOUNT_COLUMNS                                                                                        \
  "id, name, base_url, consumer_key, token_expiry, server_name, server_uuid, org_name, admin_id, page_limit, " \
  "apple_json, paused, clock_offset, worker, epoch, inherit_replacements"
constexpr int kAccountColumns = 16;

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

#define SYNC_COLUMNS                                                                                            \
  "changes_cursor, cursor_troubles, refetch_not_before, list_cursor, list_under_way, list_number, list_began, " \
  "next_list, baseline_done, baseline_began, many_missing_since, many_missing, taken_over_since"
constexpr int kSyncColumns = 13;
#define SET_SYNC_COLUMNS                                                                                        \
  "changes_cursor = $1, cursor_troubles = $2, refetch_not_before = $3, list_cursor = $4, list_under_way = $5, " \
  "list_number = $6, list_began = $7, next_list = $8, baseline_done = $9, baseline_began = $10, "               \
  "many_missing_since = $11, many_missing = $12, taken_over_since = $13"

// `at`: the first of the columns, here and below.
SyncState read_sync_state(const Row& row, int at) {
  return {.changes = Cursor(row.text(at)),
          .cursor_troubles = static_cast<int>(row.integer(at + 1)),
          .refetch_not_before = row.optional_time(at + 2),
          .list = Cursor(row.text(at + 3)),
          .list_under_way = row.integer(at + 4) != 0,
          .list_number = row.integer(at + 5),
          .list_began = row.optional_time(at + 6),
          .next_list = row.optional_time(at + 7),
          .baseline_done = row.integer(at + 8) != 0,
          .baseline_began = row.optional_time(at + 9),
          .taken_over_since = row.optional_time(at + 12),
          .many_missing_since = row.optional_time(at + 10),
          .many_missing = row.integer(at + 11)};
}

#define RECORD_COLUMNS "last_success, last_attempt, last_error"
constexpr int kRecordColumns = 3;

RunRecord read_record(const Row& row, int at) {
  return {row.optional_time(at), row.optional_time(at + 1), row.text(at + 2)};
}

#define HEALTH_COLUMNS                                                                                        \
  "health_state, health_since, health_word, health_message, health_mend, health_told, failures, not_before, " \
  "health_reminded"
constexpr int kHealthColumns = 9;

Health read_health(const Row& row, int at) {
  return {row.as<Health::State>(at),
          row.optional_time(at + 1),
          row.text(at + 2),
          row.text(at + 3),
          row.text(at + 4),
          row.optional_time(at + 5),
          static_cast<int>(row.integer(at + 6)),
          row.optional_time(at + 7),
          row.optional_time(at + 8)};
}

#define STATE_COLUMNS ACCOUNT_COLUMNS ", " SYNC_COLUMNS ", " RECORD_COLUMNS ", " HEALTH_COLUMNS
constexpr int kStateColumns = kAccountColumns + kSyncColumns + kRecordColumns + kHealthColumns;

// What is in the account's row.
AccountState read_state(const Row& row) {
  constexpr int kSync = kAccountColumns, kRecord = kSync + kSyncColumns, kHealth = kRecord + kRecordColumns;
  return {.account = read_account(row),
          .health = read_health(row, kHealth),
          .record = read_record(row, kRecord),
          .state = read_sync_state(row, kSync),
          .troubles = {},
          .profile_troubles = {},
          .waiting = 0};
}

}  // namespace

Result<std::vector<Account>> PostgresReader::accounts() {
  return db_.all("SELECT " ACCOUNT_COLUMNS " FROM account WHERE removed = 0 ORDER BY id", read_account);
}

// By one index or the other.
Result<std::vector<Account>> PostgresReader::accounts_of_service(const std::string& consumer_key,
                                                                 const std::string& server_uuid) {
  return db_.all("SELECT " ACCOUNT_COLUMNS
                 " FROM account WHERE (consumer_key = $1 OR (server_uuid = $2 AND "
                 "server_uuid <> '')) AND removed = 0 ORDER BY id",
                 read_account, consumer_key, server_uuid);
}

Result<std::optional<Account>> PostgresReader::account(const AccountName& name) {
  return db_.first("SELECT " ACCOUNT_COLUMNS " FROM account WHERE name = $1 AND removed = 0", read_account,
                   name);
}

Result<std::optional<Account>> PostgresReader::account(AccountId id) {
  return db_.first("SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = $1 AND removed = 0", read_account, id);
}

Result<std::vector<AccountId>> PostgresReader::account_ids() {
  return db_.all("SELECT id FROM account WHERE removed = 0 ORDER BY id",
                 [](const Row& row) { return row.as<AccountId>(0); });
}

Result<std::optional<Token>> PostgresReader::stored_token(AccountId account) {
  return db_.first(
      "SELECT consumer_key, consumer_secret, access_token, access_secret, token_expiry FROM account "
      "WHERE id = $1 AND removed = 0 AND consumer_key IS NOT NULL",
      [](const Row& row) {
        return Token{row.text(0), row.text(1), row.text(2), row.text(3), row.optional_time(4)};
      },
      account);
}

Result<std::optional<KeyPair>> PostgresReader::stored_key_pair(AccountId account) {
  return db_.first(
      "SELECT certificate, private_key FROM account WHERE id = $1 AND removed = 0 AND certificate IS NOT NULL",
      [](const Row& row) {
        return KeyPair{row.text(0), row.text(1)};
      },
      account);
}

Result<SyncState> PostgresReader::sync_state(AccountId account) {
  MUSTER_TRY(auto state, db_.first(
                             "SELECT " SYNC_COLUMNS " FROM account WHERE id = $1",
                             [](const Row& row) { return read_sync_state(row, 0); }, account));
  return state.value_or(SyncState{});
}

Result<RunRecord> PostgresReader::run_record(AccountId account) {
  MUSTER_TRY(auto record, db_.first(
                              "SELECT " RECORD_COLUMNS " FROM account WHERE id = $1",
                              [](const Row& row) { return read_record(row, 0); }, account));
  return record.value_or(RunRecord{});
}

Result<std::optional<Time>> PostgresReader::last_attempt() {
  MUSTER_TRY(const auto last, db_.first("SELECT max(last_attempt) FROM account WHERE removed = 0",
                                        [](const Row& row) { return row.optional_time(0); }));
  return last.value_or(std::nullopt);
}

Result<Health> PostgresReader::health(AccountId account) {
  MUSTER_TRY(auto health, db_.first(
                              "SELECT " HEALTH_COLUMNS " FROM account WHERE id = $1",
                              [](const Row& row) { return read_health(row, 0); }, account));
  return health.value_or(Health{});
}

// One statement, and others in the rare case that something has trouble: each run begins and ends with it.
Result<std::optional<AccountState>> PostgresReader::account_state(AccountId id) {
  MUSTER_TRY(const auto found,
             db_.ask("SELECT " STATE_COLUMNS ", EXISTS (SELECT 1 FROM lane_trouble WHERE account = $1), "
                     "EXISTS (SELECT 1 FROM profile_trouble WHERE account = $1), (" WAITING_ASSIGNMENTS ") "
                     "FROM account WHERE id = $1 AND removed = 0",
                     id));
  if (found.size() == 0) return std::nullopt;
  AccountState state = read_state(found[0]);
  if (found[0].integer(kStateColumns) != 0) {
    MUSTER_TRY(state.troubles, lane_troubles(id));
  }
  if (found[0].integer(kStateColumns + 1) != 0) {
    MUSTER_TRY(state.profile_troubles, profile_troubles(id));
  }
  state.waiting = found[0].integer(kStateColumns + 2);
  return std::optional(std::move(state));
}

// Eight statements for all: with ten thousand accounts, a few for each take seconds.
Result<std::vector<AccountOverview>> PostgresReader::account_overviews() {
  MUSTER_TRY(auto overviews, db_.all("SELECT " STATE_COLUMNS " FROM account WHERE removed = 0 ORDER BY id",
                                     [](const Row& row) {
                                       AccountOverview overview;
                                       static_cast<AccountState&>(overview) = read_state(row);
                                       return overview;
                                     }));
  Overviews by_id;
  for (auto& overview : overviews) by_id.emplace(overview.account.id, &overview);
  MUSTER_TRY(add_troubles(by_id));
  MUSTER_TRY(add_counts(by_id));
  MUSTER_TRY(add_devices(by_id));
  MUSTER_TRY(add_backfills(by_id));
  MUSTER_TRY(add_enrolled(by_id));
  MUSTER_TRY(add_late_looks(by_id));
  return overviews;
}

Result<long long> PostgresReader::config_revision(AccountId account) {
  MUSTER_TRY(const auto revision,
             db_.first(
                 "SELECT config_revision FROM account WHERE id = $1",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, account));
  return revision.value_or(0);
}

Result<AccountId> PostgresWriter::create_account(const AccountName& name) {
  MUSTER_TRY(const auto present, account(name));
  if (present) return failure(Code::conflict, "the account \"" + name.str() + "\" exists already");
  MUSTER_TRY(const auto created, db_.ask("INSERT INTO account (name) VALUES ($1) RETURNING id", name));
  return created[0].as<AccountId>(0);
}

Result<> PostgresWriter::put_base_url(AccountId account, const std::string& base_url) {
  return db_.run("UPDATE account SET base_url = $1 WHERE id = $2", base_url, account);
}

Result<> PostgresWriter::put_paused(AccountId account, bool paused) {
  return db_.run("UPDATE account SET paused = $1 WHERE id = $2", paused, account);
}

Result<> PostgresWriter::put_inherit_replacements(AccountId account, bool inherit) {
  return db_.run("UPDATE account SET inherit_replacements = $1 WHERE id = $2", inherit, account);
}

Result<> PostgresWriter::put_stored_key_pair(AccountId account, const KeyPair& pair) {
  return db_.run("UPDATE account SET certificate = $1, private_key = $2 WHERE id = $3", pair.certificate_pem,
                 pair.private_key_pem, account);
}

Result<> PostgresWriter::put_stored_token(AccountId account, const Token& token) {
  return db_.run(
      "UPDATE account SET consumer_key = $1, consumer_secret = $2, access_token = $3, access_secret = $4, "
      "token_expiry = $5, epoch = epoch + 1 WHERE id = $6",
      token.consumer_key, token.consumer_secret, token.access_token, token.access_secret,
      token.access_token_expiry, account);
}

Result<> PostgresWriter::put_apple_account(AccountId account, const AppleAccount& apple) {
  return db_.run(
      "UPDATE account SET server_name = $1, server_uuid = $2, org_name = $3, admin_id = $4, page_limit = $5, "
      "apple_json = $6 WHERE id = $7",
      apple.server_name, apple.server_uuid, apple.org_name, apple.admin_id, apple.page_limit, apple.json,
      account);
}

Result<> PostgresWriter::put_sync_state(AccountId account, const SyncState& state) {
  return db_.run("UPDATE account SET " SET_SYNC_COLUMNS " WHERE id = $14", state.changes,
                 state.cursor_troubles, state.refetch_not_before, state.list, state.list_under_way,
                 state.list_number, state.list_began, state.next_list, state.baseline_done,
                 state.baseline_began, state.many_missing_since, state.many_missing, state.taken_over_since,
                 account);
}

Result<> PostgresWriter::put_clock_offset(AccountId account, Millis offset) {
  return db_.run("UPDATE account SET clock_offset = $1 WHERE id = $2", offset.count(), account);
}

Result<> PostgresWriter::put_health(AccountId account, const Health& health) {
  return db_.run(
      "UPDATE account SET health_state = $1, health_since = $2, health_word = $3, health_message = $4, "
      "health_mend = $5, health_told = $6, failures = $7, not_before = $8, health_reminded = $9 WHERE id = $10",
      health.state, health.since, health.word, health.message, health.remedy, health.told, health.failures,
      health.not_before, health.reminded, account);
}

// As one version of the row.
Result<> PostgresWriter::put_run(AccountId account, const RunRecord& record, const SyncState& state) {
  return db_.run("UPDATE account SET " SET_SYNC_COLUMNS
                 ", last_success = $14, last_attempt = $15, last_error = $16 WHERE id = $17",
                 state.changes, state.cursor_troubles, state.refetch_not_before, state.list,
                 state.list_under_way, state.list_number, state.list_began, state.next_list,
                 state.baseline_done, state.baseline_began, state.many_missing_since, state.many_missing,
                 state.taken_over_since, record.last_success, record.last_attempt, record.last_error,
                 account);
}

Result<> PostgresWriter::put_run_record(AccountId account, const RunRecord& record) {
  return db_.run("UPDATE account SET last_success = $1, last_attempt = $2, last_error = $3 WHERE id = $4",
                 record.last_success, record.last_attempt, record.last_error, account);
}

}  // namespace muster::postgres
