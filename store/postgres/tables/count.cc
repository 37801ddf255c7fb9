// What the triggers of device and assignment have counted (schema/counts.sql), and what happened on each day.
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

// A row (kind, number); what counts by profile is none.
void take_count(const Row& row, AccountOverview& overview) {
  switch (row.integer(0)) {
    case 0: overview.counts.devices = row.integer(1); break;
    case 1: overview.counts.uncovered = row.integer(1); break;
    case 2: overview.counts.contested = row.integer(1); break;
    case 4: overview.waiting = row.integer(1); break;
    default: break;
  }
}

#define DEVICES_BY_RULE                                                                           \
  "SELECT c.rule, coalesce(nullif(r.name, ''), r.filter, ''), p.status, c.number, c.account "     \
  "FROM kept_count c JOIN profile_state p ON p.id = c.profile LEFT JOIN rule r ON r.id = c.rule " \
  "WHERE c.kind = 3 AND c.number <> 0"

// Those of a rule are behind each other.
void take_devices(const Row& row, std::vector<DevicesOfRule>& rules) {
  const auto rule = row.as<RuleId>(0);
  if (rules.empty() || rules.back().rule != rule) rules.push_back({rule, row.text(1), {}});
  rules.back().by_status[profile_status_of(row.text(2))] += row.integer(3);
}

}  // namespace

Result<DeviceCounts> PostgresReader::device_counts(AccountId account) {
  AccountOverview overview;
  MUSTER_TRY(const auto rows,
             db_.ask("SELECT kind, number FROM kept_count WHERE account = $1 AND profile = 0", account));
  for (size_t i = 0; i < rows.size(); ++i) take_count(rows[i], overview);
  return overview.counts;
}

Result<> PostgresReader::add_counts(Overviews& overviews) {
  MUSTER_TRY(const auto rows, db_.ask("SELECT kind, number, account FROM kept_count WHERE profile = 0"));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(2)); found != overviews.end())
      take_count(rows[i], *found->second);
  return {};
}

Result<std::map<ProfileUuid, long long>> PostgresReader::devices_by_profile(AccountId account) {
  std::map<ProfileUuid, long long> counts;
  MUSTER_TRY(const auto rows,
             db_.ask("SELECT p.status, p.uuid, c.number FROM kept_count c JOIN profile_state p ON p.id = "
                     "c.profile WHERE c.account = $1 AND c.kind = 3 AND c.number <> 0",
                     account));
  for (size_t i = 0; i < rows.size(); ++i)
    if (has_profile(profile_status_of(rows[i].text(0))))
      counts[ProfileUuid(rows[i].text(1))] += rows[i].integer(2);
  return counts;
}

Result<std::vector<DevicesOfRule>> PostgresReader::devices_by_rule(AccountId account) {
  std::vector<DevicesOfRule> rules;
  MUSTER_TRY(const auto rows, db_.ask(DEVICES_BY_RULE " AND c.account = $1 ORDER BY c.rule", account));
  for (size_t i = 0; i < rows.size(); ++i) take_devices(rows[i], rules);
  return rules;
}

Result<> PostgresReader::add_devices(Overviews& overviews) {
  MUSTER_TRY(const auto rows, db_.ask(DEVICES_BY_RULE " ORDER BY c.account, c.rule"));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(4)); found != overviews.end())
      take_devices(rows[i], found->second->devices_by_rule);
  return {};
}

Result<long long> PostgresReader::assignment_count(AccountId account) {
  MUSTER_TRY(const auto number,
             db_.first(
                 WAITING_ASSIGNMENTS, [](const Row& row) { return static_cast<long long>(row.integer(0)); },
                 account));
  return number.value_or(0);
}

Result<std::vector<CountsOfDay>> PostgresReader::day_counts(AccountId account, Time since) {
  return db_.all(
      "SELECT day, arrived, assigned, calls, failed_calls, paused FROM day_count WHERE account = $1 AND "
      "day >= $2 ORDER BY day",
      [](const Row& row) {
        return CountsOfDay{row.time(0),
                           {.arrived = row.integer(1),
                            .assigned = row.integer(2),
                            .calls = row.integer(3),
                            .failed_calls = row.integer(4),
                            .paused = Millis(row.integer(5))}};
      },
      account, since);
}

// One statement, which waits for no answer: of a new row xmax is 0.
Result<> PostgresWriter::add_to_day(AccountId account, Time time, const DayCounts& counts) {
  const Time day = beginning_of_day(time);
  return db_.run(
      "WITH counted AS (INSERT INTO day_count AS c (account, day, arrived, assigned, calls, failed_calls, "
      "paused) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account, day) DO UPDATE SET "
      "arrived = c.arrived + excluded.arrived, assigned = c.assigned + excluded.assigned, "
      "calls = c.calls + excluded.calls, failed_calls = c.failed_calls + excluded.failed_calls, "
      "paused = c.paused + excluded.paused RETURNING xmax = 0 AS is_new) "
      "DELETE FROM day_count WHERE account = $1 AND day <= $8 AND (SELECT is_new FROM counted)",
      account, day, counts.arrived, counts.assigned, counts.calls, counts.failed_calls, counts.paused.count(),
      Time(day - kDaysCounted));
}

}  // namespace muster::postgres
