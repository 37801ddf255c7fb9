#include "store/sqlite/writer.h"

namespace muster::sqlite {

Result<std::vector<Assigner>> SqliteReader::assigners(AccountId account) {
  return db_.all(
      "SELECT id, account, filter, profile_uuid, created_at, updated_at, broken FROM assigner WHERE account "
      "= ? "
      "ORDER BY id",
      [](const Row& row) {
        return Assigner{row.as<AssignerId>(0), row.as<AccountId>(1), row.text(2), ProfileUuid(row.text(3)),
                        row.time(4),           row.time(5),          row.text(6)};
      },
      account);
}

Result<> SqliteWriter::put_assigner(Assigner& assigner) {
  if (assigner.id != AssignerId{})
    return db_.run("UPDATE assigner SET profile_uuid = ?, updated_at = ?, broken = ? WHERE id = ?",
                   assigner.profile, assigner.updated_at, assigner.broken, assigner.id);
  MUSTER_TRY(
      db_.run("INSERT INTO assigner (account, filter, profile_uuid, created_at, updated_at, broken) "
              "VALUES (?, ?, ?, ?, ?, ?)",
              assigner.account, assigner.filter, assigner.profile, assigner.created_at, assigner.updated_at,
              assigner.broken));
  assigner.id = static_cast<AssignerId>(db_.last_id());
  return {};
}

Result<bool> SqliteWriter::remove_assigner(AccountId account, const std::string& filter) {
  MUSTER_TRY(db_.run("DELETE FROM assigner WHERE account = ? AND filter = ?", account, filter));
  return db_.changes() > 0;
}

}  // namespace muster::sqlite
