#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {

Result<std::vector<Assigner>> SqliteReader::assigners(AccountId account) {
  return db_.all(
      "SELECT id, account, name, filter, priority, scope, profile_uuid, profile_name, version, created_at, "
      "updated_at, broken FROM assigner WHERE account = ? ORDER BY priority, id",
      [](const Row& row) {
        return Assigner{.id = row.as<AssignerId>(0),
                        .account = row.as<AccountId>(1),
                        .name = row.text(2),
                        .filter = row.text(3),
                        .priority = static_cast<int>(row.integer(4)),
                        .scope = row.as<Assigner::Scope>(5),
                        .profile = ProfileUuid(row.text(6)),
                        .profile_name = row.text(7),
                        .version = static_cast<int>(row.integer(8)),
                        .created_at = row.time(9),
                        .updated_at = row.time(10),
                        .broken = row.text(11)};
      },
      account);
}

Result<> SqliteWriter::put_assigner(Assigner& assigner) {
  if (assigner.id != AssignerId{})
    return db_.run(
        "UPDATE assigner SET name = ?, filter = ?, priority = ?, scope = ?, profile_uuid = ?, profile_name = ?, "
        "version = ?, updated_at = ?, broken = ? WHERE id = ?",
        assigner.name, assigner.filter, assigner.priority, assigner.scope, assigner.profile,
        assigner.profile_name, assigner.version, assigner.updated_at, assigner.broken, assigner.id);
  MUSTER_TRY(db_.run(
      "INSERT INTO assigner (account, name, filter, priority, scope, profile_uuid, profile_name, "
      "version, created_at, updated_at, broken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      assigner.account, assigner.name, assigner.filter, assigner.priority, assigner.scope, assigner.profile,
      assigner.profile_name, assigner.version, assigner.created_at, assigner.updated_at, assigner.broken));
  assigner.id = static_cast<AssignerId>(db_.last_id());
  return {};
}

Result<bool> SqliteWriter::remove_assigner(AssignerId id) {
  MUSTER_TRY(db_.run("DELETE FROM assigner WHERE id = ?", id));
  return db_.changes() > 0;
}

}  // namespace muster::sqlite
