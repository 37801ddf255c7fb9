#include "store/postgres/tables/writer.h"

namespace muster::postgres {

Result<std::vector<Rule>> PostgresReader::rules(AccountId account) {
  return db_.all(
      "SELECT id, account, name, filter, priority, scope, profile_uuid, profile_name, version, created_at, "
      "updated_at, broken, enroll_within FROM rule WHERE account = $1 ORDER BY priority, id",
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

Result<> PostgresWriter::put_rule(Rule& rule) {
  if (rule.id != RuleId{})
    return db_.run(
        "UPDATE rule SET name = $1, filter = $2, priority = $3, scope = $4, profile_uuid = $5, profile_name = $6, "
        "version = $7, updated_at = $8, broken = $9, enroll_within = $10 WHERE id = $11",
        rule.name, rule.filter, rule.priority, rule.scope, rule.profile, rule.profile_name, rule.version,
        rule.updated_at, rule.broken, rule.enroll_within, rule.id);
  MUSTER_TRY(const auto created,
             db_.ask("INSERT INTO rule (account, name, filter, priority, scope, profile_uuid, profile_name, "
                     "version, created_at, updated_at, broken, enroll_within) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
                     rule.account, rule.name, rule.filter, rule.priority, rule.scope, rule.profile,
                     rule.profile_name, rule.version, rule.created_at, rule.updated_at, rule.broken,
                     rule.enroll_within));
  rule.id = created[0].as<RuleId>(0);
  return {};
}

Result<bool> PostgresWriter::remove_rule(RuleId id) {
  MUSTER_TRY(const auto removed, db_.ask("DELETE FROM rule WHERE id = $1", id));
  return removed.affected() > 0;
}

}  // namespace muster::postgres
