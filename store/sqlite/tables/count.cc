// What KeptCounts has kept, read; and what happened on each day.
#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

Result<long long> number_of(Database& db, AccountId account, KeptCounts::Kind kind) {
  MUSTER_TRY(const auto number,
             db.first(
                 "SELECT number FROM kept_count WHERE account = ? AND kind = ? AND part = 0",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, account, kind));
  return number.value_or(0);
}

// Calls take(status, UUID, devices) for each combination that the account's devices have.
template <class Take>
Result<> each_profile_state(Database& db, AccountId account, const Take& take) {
  MUSTER_TRY(db.all(
      "SELECT part, number FROM kept_count WHERE account = ? AND kind = ?",
      [&](const Row& row) -> Result<bool> {
        MUSTER_TRY(const auto* const state, db.dictionaries().profile_states.texts(row.integer(0)));
        take(profile_status_of((*state)[0]), (*state)[1], row.integer(1));
        return true;
      },
      account, KeptCounts::Kind::by_profile));
  return {};
}

}  // namespace

Result<DeviceCounts> SqliteReader::device_counts(AccountId account) {
  DeviceCounts counts;
  MUSTER_TRY(counts.devices, number_of(db_, account, KeptCounts::Kind::devices));
  MUSTER_TRY(counts.uncovered, number_of(db_, account, KeptCounts::Kind::uncovered));
  MUSTER_TRY(counts.contested, number_of(db_, account, KeptCounts::Kind::contested));
  return counts;
}

Result<std::map<ProfileUuid, long long>> SqliteReader::devices_by_profile(AccountId account) {
  std::map<ProfileUuid, long long> counts;
  MUSTER_TRY(
      each_profile_state(db_, account, [&](ProfileStatus status, const std::string& uuid, long long devices) {
        if (has_profile(status)) counts[ProfileUuid(uuid)] += devices;
      }));
  return counts;
}

Result<std::vector<DevicesOfRule>> SqliteReader::devices_by_rule(AccountId account) {
  std::vector<DevicesOfRule> rules;
  MUSTER_TRY(db_.all(
      "SELECT c.rule, coalesce(nullif(r.name, ''), r.filter), c.part, c.number FROM kept_count c "
      "LEFT JOIN rule r ON r.id = c.rule WHERE c.account = ? AND c.kind = ? ORDER BY c.rule",
      [&](const Row& row) -> Result<bool> {
        MUSTER_TRY(const auto* const state, db_.dictionaries().profile_states.texts(row.integer(2)));
        const auto rule = row.as<RuleId>(0);
        if (rules.empty() || rules.back().rule != rule) rules.push_back({rule, row.text(1), {}});
        rules.back().by_status[profile_status_of((*state)[0])] += row.integer(3);
        return true;
      },
      account, KeptCounts::Kind::by_profile));
  return rules;
}

Result<long long> SqliteReader::assignment_count(AccountId account) {
  return number_of(db_, account, KeptCounts::Kind::waiting);
}

Result<std::vector<CountsOfDay>> SqliteReader::day_counts(AccountId account, Time since) {
  return db_.all(
      "SELECT day, arrived, assigned, calls, failed_calls, paused FROM day_count WHERE account = ? AND day >= ? "
      "ORDER BY day",
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

Result<> SqliteWriter::add_to_day(AccountId account, Time time, const DayCounts& counts) {
  const Time day = beginning_of_day(time);
  MUSTER_TRY(
      db_.run("UPDATE day_count SET arrived = arrived + ?, assigned = assigned + ?, calls = calls + ?, "
              "failed_calls = failed_calls + ?, paused = paused + ? WHERE account = ? AND day = ?",
              counts.arrived, counts.assigned, counts.calls, counts.failed_calls, counts.paused.count(),
              account, day));
  if (db_.changes() > 0) return {};
  MUSTER_TRY(
      db_.run("INSERT INTO day_count (account, day, arrived, assigned, calls, failed_calls, paused) "
              "VALUES (?, ?, ?, ?, ?, ?, ?)",
              account, day, counts.arrived, counts.assigned, counts.calls, counts.failed_calls,
              counts.paused.count()));
  return db_.run("DELETE FROM day_count WHERE account = ? AND day <= ?", account, day - kDaysCounted);
}

Result<DeviceCounts> SqliteWriter::device_counts(AccountId account) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::device_counts(account);
}

Result<std::map<ProfileUuid, long long>> SqliteWriter::devices_by_profile(AccountId account) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::devices_by_profile(account);
}

Result<std::vector<DevicesOfRule>> SqliteWriter::devices_by_rule(AccountId account) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::devices_by_rule(account);
}

Result<long long> SqliteWriter::assignment_count(AccountId account) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::assignment_count(account);
}

Result<std::vector<Device>> SqliteWriter::device_page(AccountId account, const Serial& after, size_t limit,
                                                      const FilterExpression* filter) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::device_page(account, after, limit, filter);
}

Result<long long> SqliteWriter::device_count(AccountId account, const FilterExpression& filter) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::device_count(account, filter);
}

Result<std::vector<MatchCount>> SqliteWriter::match_counts(
    AccountId account, const std::vector<const FilterExpression*>& filters) {
  MUSTER_TRY(counts_.settle());
  return SqliteReader::match_counts(account, filters);
}

}  // namespace muster::sqlite
