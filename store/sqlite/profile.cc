#include "store/sqlite/writer.h"

namespace muster::sqlite {
namespace {

#define PROFILE_COLUMNS "account, uuid, name, document, defined_at, unknown_at_apple"

Profile read_profile(const Row& row) {
  return {row.as<AccountId>(0), ProfileUuid(row.text(1)), row.text(2), row.text(3), row.time(4), row.text(5)};
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

Result<> SqliteWriter::put_profile(const Profile& profile) {
  return db_.run(
      "INSERT INTO profile (" PROFILE_COLUMNS
      ") VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, uuid) DO UPDATE SET name = excluded.name, "
      "document = excluded.document, defined_at = excluded.defined_at, "
      "unknown_at_apple = excluded.unknown_at_apple",
      profile.account, profile.uuid, profile.name, profile.document, profile.defined_at,
      profile.unknown_at_apple);
}

}  // namespace muster::sqlite
