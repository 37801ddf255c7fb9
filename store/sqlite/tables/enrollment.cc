#include "store/sqlite/tables/filter.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
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

#define GIVEN_AT "coalesce(d.profile_assign_time, d.desired_at)"

}  // namespace

Condition not_enrolled_condition(AccountId account, std::span<const GivenBetween> rules,
                                 const FilterExpression* filter) {
  Condition condition =
      condition_for(filter ? *filter : FilterExpression{.kind = FilterExpression::Kind::every}, account);
  const auto value = [&](std::int64_t given) {
    condition.values.emplace_back(given);
    return "?";
  };
  condition.sql += " AND d.desired_by = ";
  condition.sql += value(static_cast<std::int64_t>(Desired::By::rule));
  condition.sql += " AND (0";
  for (const auto& rule : rules) {
    condition.sql += std::string(" OR (d.desired_rule = ") + value(static_cast<std::int64_t>(rule.rule));
    if (rule.after) condition.sql += std::string(" AND " GIVEN_AT " > ") + value(to_millis(*rule.after));
    condition.sql += std::string(" AND " GIVEN_AT " <= ") + value(to_millis(rule.until)) + ")";
  }
  condition.sql +=
      ") AND EXISTS (SELECT 1 FROM profile_state p, profile_state w WHERE p.id = d.profile AND "
      "w.id = d.desired_profile AND p.uuid = w.uuid AND p.status NOT IN " +
      sql_statuses_without_profile() +
      ") AND NOT EXISTS (SELECT 1 FROM enrollment e WHERE e.serial = d.serial AND e.account = d.account AND "
      "(e.enrolled_at IS NOT NULL OR e.ended_at >= " GIVEN_AT "))";
  return condition;
}

Result<std::map<RuleId, long long>> SqliteReader::not_enrolled(AccountId account,
                                                               std::span<const GivenBetween> rules) {
  std::map<RuleId, long long> counts;
  if (rules.empty()) return counts;
  MUSTER_TRY(const auto from, from_devices_of(db_, account));
  const Condition condition = not_enrolled_condition(account, rules, nullptr);
  MUSTER_TRY(db_.each_of_built(
      "SELECT d.desired_rule, count(*) FROM " + from + " WHERE " + condition.sql + " GROUP BY d.desired_rule",
      condition.values, [&](const Row& row) -> Result<> {
        counts.emplace(row.as<RuleId>(0), row.integer(1));
        return {};
      }));
  return counts;
}

Result<std::optional<LateLook>> SqliteReader::late_look(AccountId account) {
  return db_.first(
      "SELECT told_until, devices FROM late_look WHERE account = ?",
      [](const Row& row) {
        return LateLook{row.time(0), row.integer(1)};
      },
      account);
}

Result<std::vector<Enrollment>> SqliteReader::enrollments(std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Enrollment>();
  const Given rows(serials, [](const Serial& serial, int, Column to) { put(to, serial); });
  return db_.all_over("SELECT " ENROLLMENT_COLUMNS " FROM given CROSS JOIN enrollment ON serial = c0", rows,
                      read_enrollment);
}

Result<std::vector<Enrollment>> SqliteReader::enrollments_of_udids(std::span<const std::string> udids) {
  if (udids.empty()) return std::vector<Enrollment>();
  const Given rows(udids, [](const std::string& udid, int, Column to) { put(to, std::string_view(udid)); });
  return db_.all_over("SELECT " ENROLLMENT_COLUMNS " FROM given CROSS JOIN enrollment ON udid = c0", rows,
                      read_enrollment);
}

Result<std::vector<EnrolledOfRule>> SqliteReader::enrolled_by_rule(AccountId account) {
  return db_.all(
      "SELECT c.rule, coalesce(nullif(r.name, ''), r.filter), c.number FROM enrolled_count c "
      "LEFT JOIN rule r ON r.id = c.rule WHERE c.account = ? AND c.number <> 0 ORDER BY c.rule",
      [](const Row& row) {
        return EnrolledOfRule{row.as<RuleId>(0), row.text(1), row.integer(2)};
      },
      account);
}

Result<> SqliteWriter::put_enrollments(std::span<const Enrollment> enrollments) {
  for (const auto& each : enrollments)
    MUSTER_TRY(db_.run("INSERT INTO enrollment (" ENROLLMENT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                       "ON CONFLICT (serial) DO UPDATE SET udid = excluded.udid, account = excluded.account, "
                       "authenticated_at = excluded.authenticated_at, enrolled_at = excluded.enrolled_at, "
                       "ended_at = excluded.ended_at, last_seen = excluded.last_seen, rule = excluded.rule, "
                       "profile = excluded.profile",
                       each.serial, each.udid, each.account, each.authenticated_at, each.enrolled_at,
                       each.ended_at, each.last_seen, each.rule, each.profile));
  return db_.run(
      "DELETE FROM enrollment WHERE serial IN (SELECT serial FROM enrollment WHERE account = 0 "
      "ORDER BY last_seen DESC LIMIT -1 OFFSET ?)",
      kMostStrangers);
}

Result<> SqliteWriter::put_late_look(AccountId account, const std::optional<LateLook>& look) {
  if (!look) return db_.run("DELETE FROM late_look WHERE account = ?", account);
  return db_.run(
      "INSERT INTO late_look (account, told_until, devices) VALUES (?, ?, ?) "
      "ON CONFLICT (account) DO UPDATE SET told_until = excluded.told_until, devices = excluded.devices",
      account, look->told_until, look->devices);
}

// Most installations receive no check-ins; their pages of Apple's lists must not pay for those that do.
Result<bool> SqliteWriter::has_enrollments() {
  MUSTER_TRY(const auto any, db_.first("SELECT EXISTS (SELECT 1 FROM enrollment)",
                                       [](const Row& row) { return row.integer(0) != 0; }));
  return any.value_or(false);
}

Result<> SqliteWriter::take_enrollments_along(std::span<Device* const> inserted) {
  MUSTER_TRY(const bool any, has_enrollments());
  if (!any) return {};
  for (const Device* const device : inserted)
    if (!device->tombstone)
      MUSTER_TRY(db_.run("UPDATE enrollment SET account = ?1, rule = 0 WHERE serial = ?2 AND account <> ?1",
                         device->account, device->serial));
  return {};
}

Result<> SqliteWriter::follow_with_enrollments(std::span<const Device* const> updated) {
  MUSTER_TRY(const bool any, has_enrollments());
  if (!any) return {};
  for (const Device* const device : updated) {
    if (device->tombstone)
      MUSTER_TRY(db_.run("UPDATE enrollment SET account = 0, rule = 0 WHERE serial = ? AND account = ?",
                         device->serial, device->account));
    else
      MUSTER_TRY(db_.run("UPDATE enrollment SET account = ? WHERE serial = ? AND account = 0",
                         device->account, device->serial));
  }
  return {};
}

}  // namespace muster::sqlite
