#include "store/postgres/tables/writer.h"

namespace muster::postgres {
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

Result<std::vector<Profile>> PostgresReader::profiles(AccountId account) {
  return db_.all("SELECT " PROFILE_COLUMNS " FROM profile WHERE account = $1 ORDER BY id", read_profile,
                 account);
}

Result<std::optional<Profile>> PostgresReader::profile(AccountId account, const ProfileUuid& uuid) {
  return db_.first("SELECT " PROFILE_COLUMNS " FROM profile WHERE account = $1 AND uuid = $2", read_profile,
                   account, uuid);
}

Result<std::optional<Profile>> PostgresReader::current_profile(AccountId account, const std::string& name) {
  return db_.first(
      "SELECT " PROFILE_COLUMNS
      " FROM profile WHERE account = $1 AND uuid = (SELECT uuid FROM current_profile WHERE account "
      "= $2 AND name = $3)",
      read_profile, account, account, name);
}

Result<int> PostgresReader::newest_profile_version(AccountId account, const std::string& name) {
  MUSTER_TRY(const auto newest,
             db_.first(
                 "SELECT max(version) FROM profile WHERE account = $1 AND name = $2",
                 [](const Row& row) { return static_cast<int>(row.integer(0)); }, account, name));
  return newest.value_or(0);
}

Result<> PostgresWriter::set_current_profile(AccountId account, const std::string& name,
                                             const ProfileUuid& uuid) {
  return db_.run(
      "INSERT INTO current_profile (account, name, uuid) VALUES ($1, $2, $3) "
      "ON CONFLICT (account, name) DO UPDATE SET uuid = excluded.uuid",
      account, name, uuid);
}

Result<> PostgresWriter::put_profile(const Profile& profile) {
  return db_.run(
      "INSERT INTO profile (" PROFILE_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account, uuid) DO UPDATE SET name = excluded.name, "
      "version = excluded.version, document = excluded.document, defined_at = excluded.defined_at, "
      "defined_by = excluded.defined_by, unknown_at_apple = excluded.unknown_at_apple",
      profile.account, profile.uuid, profile.name, profile.version, profile.document, profile.defined_at,
      profile.defined_by, profile.unknown_at_apple);
}

}  // namespace muster::postgres
