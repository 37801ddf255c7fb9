#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define PROFILE_COLUMNS "account, uuid, name, version, document, defined_at, defined_by, unknown_at_apple"

Profile read_profile(const Row& row) {
  return {.account = row.as<AccountId>(0),
          .uuid = ProfileUuid(row.text(1)),
          .name = row.text(2),
          .version = static_cast<int>(row.integer(3)),
          .document = row.text(4),
          .defined_at = row.time(5),
          .defined_by = row.text(6),
          .unknown_at_apple = row.text(7)};
}

}  // namespace

Result<std::vector<Profile>> SqliteReader::profiles(AccountId account) {
  return db_.all("SELECT " PROFILE_COLUMNS " FROM profile WHERE account = ? ORDER BY id", read_profile,
                 account);
}

Result<std::optional<Profile>> SqliteReader::profile(AccountId account, const ProfileUuid& uuid) {
  return db_.first("SELECT " PROFILE_COLUMNS " FROM profile WHERE account = ? AND uuid = ?", read_profile,
                   account, uuid);
}

Result<std::optional<Profile>> SqliteReader::current_profile(AccountId account, const std::string& name) {
  return db_.first(
      "SELECT " PROFILE_COLUMNS
      " FROM profile WHERE account = ? AND uuid = (SELECT uuid FROM current_profile WHERE account "
      "= ? AND name = ?)",
      read_profile, account, account, name);
}

Result<int> SqliteReader::newest_profile_version(AccountId account, const std::string& name) {
  MUSTER_TRY(const auto newest,
             db_.first(
                 "SELECT max(version) FROM profile WHERE account = ? AND name = ?",
                 [](const Row& row) { return static_cast<int>(row.integer(0)); }, account, name));
  return newest.value_or(0);
}

Result<> SqliteWriter::set_current_profile(AccountId account, const std::string& name,
                                           const ProfileUuid& uuid) {
  MUSTER_TRY(will_write("current_profile"));
  return db_.run(
      "INSERT INTO current_profile (account, name, uuid) VALUES (?, ?, ?) "
      "ON CONFLICT (account, name) DO UPDATE SET uuid = excluded.uuid",
      account, name, uuid);
}

Result<> SqliteWriter::put_profile(const Profile& profile) {
  MUSTER_TRY(will_write("profile"));
  return db_.run(
      "INSERT INTO profile (" PROFILE_COLUMNS
      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, uuid) DO UPDATE SET name = excluded.name, "
      "version = excluded.version, document = excluded.document, defined_at = excluded.defined_at, "
      "defined_by = excluded.defined_by, unknown_at_apple = excluded.unknown_at_apple",
      profile.account, profile.uuid, profile.name, profile.version, profile.document, profile.defined_at,
      profile.defined_by, profile.unknown_at_apple);
}

}  // namespace muster::sqlite
