// What the triggers of device and assignment have counted (schema/devices.sql).
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

Result<std::map<ProfileStatus, long long>> PostgresReader::devices_by_status(AccountId account) {
  std::map<ProfileStatus, long long> counts;
  MUSTER_TRY(const auto rows,
             db_.ask("SELECT p.status, c.number FROM kept_count c JOIN profile_state p ON p.id = c.profile "
                     "WHERE c.account = $1 AND c.kind = 3 AND c.number <> 0",
                     account));
  for (size_t i = 0; i < rows.size(); ++i) counts[profile_status_of(rows[i].text(0))] += rows[i].integer(1);
  return counts;
}

Result<> PostgresReader::add_statuses(Overviews& overviews) {
  MUSTER_TRY(const auto rows,
             db_.ask("SELECT c.account, p.status, sum(c.number)::bigint FROM kept_count c "
                     "JOIN profile_state p ON p.id = c.profile WHERE c.kind = 3 AND c.number <> 0 "
                     "GROUP BY c.account, p.status"));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(0)); found != overviews.end())
      found->second->by_status[profile_status_of(rows[i].text(1))] += rows[i].integer(2);
  return {};
}

Result<long long> PostgresReader::assignment_count(AccountId account) {
  MUSTER_TRY(const auto number,
             db_.first(
                 "SELECT number FROM kept_count WHERE account = $1 AND kind = 4 AND profile = 0",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, account));
  return number.value_or(0);
}

}  // namespace muster::postgres
