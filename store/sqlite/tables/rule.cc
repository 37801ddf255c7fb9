#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {

Result<std::vector<Rule>> SqliteReader::rules(AccountId account) {
  return db_.all(
      "SELECT id, account, name, filter, priority, scope, profile_uuid, profile_name, version, created_at, "
      "updated_at, broken, enroll_within FROM rule WHERE account = ? ORDER BY priority, id",
      [](const Row& row) {
        return Rule{.id = row.as<RuleId>(0),
                    .account = row.as<AccountId>(1),
                    .name = row.text(2),
                    .filter = row.text(3),
                    .priority = static_cast<int>(row.integer(4)),
                    .scope = row.as<Rule::Scope>(5),
                    .profile = ProfileUuid(row.text(6)),
                    .profile_name = row.text(7),
                    .version = static_cast<int>(row.integer(8)),
                    .created_at = row.time(9),
                    .updated_at = row.time(10),
                    .enroll_within = Millis(row.integer(12)),
                    .broken = row.text(11)};
      },
      account);
}

Result<> SqliteWriter::put_rule(Rule& rule) {
  MUSTER_TRY(will_write("rule"));
  if (rule.id != RuleId{})
    return db_.run(
        "UPDATE rule SET name = ?, filter = ?, priority = ?, scope = ?, profile_uuid = ?, profile_name = ?, "
        "version = ?, updated_at = ?, broken = ?, enroll_within = ? WHERE id = ?",
        rule.name, rule.filter, rule.priority, rule.scope, rule.profile, rule.profile_name, rule.version,
        rule.updated_at, rule.broken, rule.enroll_within.count(), rule.id);
  MUSTER_TRY(db_.run(
      "INSERT INTO rule (account, name, filter, priority, scope, profile_uuid, profile_name, version, "
      "created_at, updated_at, broken, enroll_within) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      rule.account, rule.name, rule.filter, rule.priority, rule.scope, rule.profile, rule.profile_name,
      rule.version, rule.created_at, rule.updated_at, rule.broken, rule.enroll_within.count()));
  rule.id = static_cast<RuleId>(db_.last_id());
  return {};
}

Result<bool> SqliteWriter::remove_rule(RuleId id) {
  MUSTER_TRY(will_write("rule"));
  MUSTER_TRY(db_.run("DELETE FROM rule WHERE id = ?", id));
  return db_.changes() > 0;
}

}  // namespace muster::sqlite
