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

}  // namespace

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

// Most installations have no MDM server that tells, and pages of Apple's lists must not pay for those that have.
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
