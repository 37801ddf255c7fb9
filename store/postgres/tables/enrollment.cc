#include "store/postgres/tables/filter.h"
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define ENROLLMENT_COLUMNS \
  "serial, udid, account, authenticated_at, enrolled_at, ended_at, last_seen, rule, profile"

Enrollment read_enrollment(const Row& row) {
  return {.serial = Serial(row.text(0)),
          .udid = row.text(1),
          .account = row.as<AccountId>(2),
          .authenticated_at = row.optional_time(3),
          .enrolled_at = row.optional_time(4),
          .ended_at = row.optional_time(5),
          .last_seen = row.time(6),
          .rule = row.as<RuleId>(7),
          .profile = ProfileUuid(row.text(8))};
}

#define ENROLLED_BY_RULE                                                                              \
  "SELECT c.rule, coalesce(nullif(r.name, ''), r.filter), c.number, c.account FROM enrolled_count c " \
  "LEFT JOIN rule r ON r.id = c.rule WHERE c.number <> 0"

LateLook read_late_look(const Row& row) { return {row.time(0), row.integer(1)}; }

EnrolledOfRule read_enrolled(const Row& row) { return {row.as<RuleId>(0), row.text(1), row.integer(2)}; }

// Serial numbers of devices that are, or are not, tombstones, as an array.
Value serials_of(std::span<const Device* const> devices, bool tombstones) {
  std::vector<const Device*> chosen;
  for (const Device* const device : devices)
    if (device->tombstone.has_value() == tombstones) chosen.push_back(device);
  return column(chosen, [](const Device* device) -> const Serial& { return device->serial; });
}

#define GIVEN_AT "coalesce(d.profile_assign_time, d.desired_at)"

}  // namespace

Condition not_enrolled_condition(AccountId account, std::span<const GivenBetween> rules,
                                 const FilterExpression* filter) {
  Condition condition =
      condition_for(filter ? *filter : FilterExpression{.kind = FilterExpression::Kind::every}, account);
  condition.sql += " AND d.desired_by = " + condition.value(Desired::By::rule) + " AND (false";
  for (const auto& rule : rules) {
    condition.sql += " OR (d.desired_rule = " + condition.value(rule.rule);
    if (rule.after) condition.sql += " AND " GIVEN_AT " > " + condition.value(*rule.after);
    condition.sql += " AND " GIVEN_AT " <= " + condition.value(rule.until) + ")";
  }
  condition.sql +=
      ") AND EXISTS (SELECT 1 FROM profile_state p, profile_state w WHERE p.id = d.profile AND "
      "w.id = d.desired_profile AND p.uuid = w.uuid AND p.status NOT IN " +
      sql_statuses_without_profile() +
      ") AND NOT EXISTS (SELECT 1 FROM enrollment e WHERE e.serial = d.serial AND e.account = d.account AND "
      "(e.enrolled_at IS NOT NULL OR e.ended_at >= " GIVEN_AT "))";
  return condition;
}

Result<std::map<RuleId, long long>> PostgresReader::not_enrolled(AccountId account,
                                                                 std::span<const GivenBetween> rules) {
  std::map<RuleId, long long> counts;
  if (rules.empty()) return counts;
  const Condition condition = not_enrolled_condition(account, rules, nullptr);
  MUSTER_TRY(const auto rows, db_.ask_built("SELECT d.desired_rule, count(*) FROM device d WHERE " +
                                                condition.sql + " GROUP BY d.desired_rule",
                                            condition.values));
  for (size_t i = 0; i < rows.size(); ++i) counts.emplace(rows[i].as<RuleId>(0), rows[i].integer(1));
  return counts;
}

#define LATE_LOOK "SELECT told_until, devices, account FROM late_look"

Result<std::optional<LateLook>> PostgresReader::late_look(AccountId account) {
  return db_.first(LATE_LOOK " WHERE account = $1", read_late_look, account);
}

Result<> PostgresReader::add_late_looks(Overviews& overviews) {
  MUSTER_TRY(const auto rows, db_.ask(LATE_LOOK));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(2)); found != overviews.end())
      found->second->late_look = read_late_look(rows[i]);
  return {};
}

Result<std::vector<Enrollment>> PostgresReader::enrollments(std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Enrollment>();
  return db_.all("SELECT " ENROLLMENT_COLUMNS " FROM enrollment WHERE serial = ANY($1)", read_enrollment,
                 column(serials));
}

Result<std::vector<Enrollment>> PostgresReader::enrollments_of_udids(std::span<const std::string> udids) {
  if (udids.empty()) return std::vector<Enrollment>();
  return db_.all("SELECT " ENROLLMENT_COLUMNS " FROM enrollment WHERE udid = ANY($1)", read_enrollment,
                 column(udids));
}

Result<std::vector<EnrolledOfRule>> PostgresReader::enrolled_by_rule(AccountId account) {
  return db_.all(ENROLLED_BY_RULE " AND c.account = $1 ORDER BY c.rule", read_enrolled, account);
}

Result<> PostgresReader::add_enrolled(Overviews& overviews) {
  MUSTER_TRY(const auto rows, db_.ask(ENROLLED_BY_RULE " ORDER BY c.account, c.rule"));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(3)); found != overviews.end())
      found->second->enrolled_by_rule.push_back(read_enrolled(rows[i]));
  return {};
}

Result<> PostgresWriter::put_enrollments(std::span<const Enrollment> enrollments) {
  if (enrollments.empty()) return {};
  const auto of = [&](auto member) {
    return column(
        enrollments, [member](const Enrollment& each) -> const auto& { return each.*member; });
  };
  MUSTER_TRY(db_.run("INSERT INTO enrollment (" ENROLLMENT_COLUMNS ") SELECT " ENROLLMENT_COLUMNS
                     " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS given (" ENROLLMENT_COLUMNS
                     ") ON CONFLICT (serial) DO UPDATE SET udid = excluded.udid, account = excluded.account, "
                     "authenticated_at = excluded.authenticated_at, enrolled_at = excluded.enrolled_at, "
                     "ended_at = excluded.ended_at, last_seen = excluded.last_seen, rule = excluded.rule, "
                     "profile = excluded.profile",
                     of(&Enrollment::serial), of(&Enrollment::udid), of(&Enrollment::account),
                     of(&Enrollment::authenticated_at), of(&Enrollment::enrolled_at),
                     of(&Enrollment::ended_at), of(&Enrollment::last_seen), of(&Enrollment::rule),
                     of(&Enrollment::profile)));
  return db_.run(
      "DELETE FROM enrollment WHERE serial IN (SELECT serial FROM enrollment WHERE account = 0 "
      "ORDER BY last_seen DESC OFFSET $1)",
      kMostStrangers);
}

Result<> PostgresWriter::put_late_look(AccountId account, const std::optional<LateLook>& look) {
  if (!look) return db_.run("DELETE FROM late_look WHERE account = $1", account);
  return db_.run(
      "INSERT INTO late_look (account, told_until, devices) VALUES ($1, $2, $3) "
      "ON CONFLICT (account) DO UPDATE SET told_until = excluded.told_until, devices = excluded.devices",
      account, look->told_until, look->devices);
}

Result<> PostgresWriter::take_enrollments_along(AccountId account, std::span<const Device* const> inserted) {
  // Where nothing was enrolled, no serial is looked up.
  return db_.run(
      "UPDATE enrollment SET account = $1, rule = 0 WHERE serial = ANY($2) AND account <> $1 "
      "AND EXISTS (SELECT 1 FROM enrollment)",
      account, serials_of(inserted, false));
}

Result<> PostgresWriter::follow_with_enrollments(AccountId account, std::span<const Device* const> updated) {
  MUSTER_TRY(db_.run("UPDATE enrollment SET account = $1 WHERE serial = ANY($2) AND account = 0", account,
                     serials_of(updated, false)));
  return db_.run("UPDATE enrollment SET account = 0, rule = 0 WHERE serial = ANY($2) AND account = $1",
                 account, serials_of(updated, true));
}

}  // namespace muster::postgres
