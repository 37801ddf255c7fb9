#include <algorithm>

#include "base/text/strings.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define KEY_COLUMNS                                                                                        \
  "name, id, digest, role, for_all_accounts, created_at, created_by, expires_at, used_day, used_address, " \
  "(SELECT group_concat(a.name, ' ') FROM api_key_account o JOIN account a ON a.id = o.account "           \
  "WHERE o.key = api_key.name)"

ApiKey read_key(const Row& row) {
  ApiKey key{.name = row.text(0),
             .id = KeyId(row.text(1)),
             .digest = row.text(2),
             .role = row.as<Role>(3),
             .is_for_all_accounts = row.integer(4) != 0,
             .accounts = {},
             .created_at = row.time(5),
             .created_by = row.text(6),
             .expires_at = row.optional_time(7),
             .last_use = {}};
  if (!row.is_null(8)) key.last_use = KeyUse{row.time(8), row.text(9)};
  for (auto& name : split_list(row.text(10), ' ')) key.accounts.emplace_back(std::move(name));
  std::sort(key.accounts.begin(), key.accounts.end());
  return key;
}

}  // namespace

Result<std::vector<ApiKey>> SqliteReader::api_keys() {
  return db_.all("SELECT " KEY_COLUMNS " FROM api_key ORDER BY name", read_key);
}

Result<std::optional<ApiKey>> SqliteReader::api_key(const KeyId& id) {
  return db_.first("SELECT " KEY_COLUMNS " FROM api_key WHERE id = ?", read_key, id);
}

Result<std::optional<ApiKey>> SqliteReader::api_key_named(const std::string& name) {
  return db_.first("SELECT " KEY_COLUMNS " FROM api_key WHERE name = ?", read_key, name);
}

Result<> SqliteWriter::put_api_key(const ApiKey& key) {
  has_changed_keys_ = true;
  MUSTER_TRY(db_.run(
      "INSERT INTO api_key (name, id, digest, role, for_all_accounts, created_at, created_by, expires_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET id = excluded.id, "
      "digest = excluded.digest, role = excluded.role, for_all_accounts = excluded.for_all_accounts, "
      "created_at = excluded.created_at, created_by = excluded.created_by, "
      "expires_at = excluded.expires_at",
      key.name, key.id, key.digest, key.role, key.is_for_all_accounts, key.created_at, key.created_by,
      key.expires_at));
  MUSTER_TRY(db_.run("DELETE FROM api_key_account WHERE key = ?", key.name));
  for (const auto& account : key.accounts) {
    MUSTER_TRY(
        db_.run("INSERT INTO api_key_account (key, account) SELECT ?, id FROM account "
                "WHERE name = ? AND removed = 0",
                key.name, account));
    if (db_.changes() == 0) return failure(no_such_account(account));
  }
  return {};
}

Result<bool> SqliteWriter::remove_api_key(const std::string& name) {
  has_changed_keys_ = true;
  MUSTER_TRY(db_.run("DELETE FROM api_key_account WHERE key = ?", name));
  MUSTER_TRY(db_.run("DELETE FROM api_key WHERE name = ?", name));
  return db_.changes() > 0;
}

Result<> SqliteWriter::put_key_use(const KeyId& id, const KeyUse& use) {
  return db_.run("UPDATE api_key SET used_day = ?, used_address = ? WHERE id = ?", use.day, use.address, id);
}

Result<bool> SqliteReader::has_ended(const std::string& session) {
  MUSTER_TRY(const auto found, db_.first(
                                   "SELECT 1 FROM ended_session WHERE session = ?",
                                   [](const Row& row) { return row.integer(0) != 0; }, session));
  return found.value_or(false);
}

Result<> SqliteWriter::end_session(const std::string& session, Time until, Time now) {
  has_changed_keys_ = true;
  MUSTER_TRY(db_.run("DELETE FROM ended_session WHERE until <= ?", now));
  MUSTER_TRY(const auto known,
             db_.first("SELECT count(*) FROM ended_session", [](const Row& row) { return row.integer(0); }));
  if (known.value_or(0) >= kMostEndedSessions) return failure(too_many_ended_sessions());
  return db_.run("INSERT INTO ended_session (session, until) VALUES (?, ?) ON CONFLICT (session) DO NOTHING",
                 session, until);
}

}  // namespace muster::sqlite
