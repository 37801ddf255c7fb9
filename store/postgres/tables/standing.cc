// Every device of an account against every rule: one walk over the table, the rules' filters as SQL, so that
// a million devices are looked at in a second or so.

#include <algorithm>

#include "model/text/words.h"
#include "store/postgres/tables/filter.h"
#include "store/postgres/tables/sent.h"
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

using Filters = std::vector<const FilterExpression*>;

// `CASE WHEN first THEN 0 WHEN second THEN 1 ELSE -1 END`: the place of the first filter that covers the
// device.
void write_first_covering(Condition& sql, const Filters& filters, AccountId account) {
  if (filters.empty()) {
    sql.sql += "-1";
    return;
  }
  sql.sql += "CASE";
  for (size_t i = 0; i < filters.size(); ++i) {
    sql.sql += " WHEN ";
    add_covers(sql, filters[i], account);
    sql.sql += " THEN " + std::to_string(i);
  }
  sql.sql += " ELSE -1 END";
}

static_assert(static_cast<int>(Assignment::State::due) == 0);

// Asked once, not of each device.
std::string waits(Condition& sql, AccountId account) {
  return "d.id IN (SELECT a.device FROM assignment a WHERE a.account = " + sql.value(account) +
         " AND a.state = 0 AND NOT " IS_SENT("a") ")";
}

std::string is_by(Desired::By by) { return "d.desired_by = " + std::to_string(static_cast<int>(by)); }

// Reach::includes().
void write_includes(Condition& sql, const Reach& reach, AccountId account) {
  if (reach.undecided_only) sql.sql += " AND " + is_by(Desired::By::nobody);
  if (reach.without_profile_only)
    sql.sql += " AND d.profile IN (SELECT p.id FROM profile_state p WHERE p.account = " + sql.value(account) +
               " AND p.status IN " + sql_statuses_without_profile() + ")";
  if (!reach.not_desired) return;
  if (reach.not_desired->empty()) {
    sql.sql += " AND d.desired_profile <> 0";
    return;
  }
  sql.sql += " AND d.desired_profile NOT IN (SELECT p.id FROM profile_state p WHERE p.account = " +
             sql.value(account) + " AND p.status = '' AND p.uuid = " + sql.value(*reach.not_desired) + ")";
}

// Whether a rule might change the device: few filters are tried for most devices, while saying which one is
// the first to cover it takes all of them.
void write_sieve(Condition& sql, const StandingQuery& query) {
  if (query.reaches.empty()) {
    sql.sql += "true";
    return;
  }
  sql.sql += "NOT " + is_by(Desired::By::manual) + " AND NOT " + is_by(Desired::By::hold) + " AND CASE";
  for (size_t i = 0; i < query.filters.size(); ++i) {
    if (!query.reaches[i]) continue;
    sql.sql += " WHEN ";
    add_covers(sql, query.filters[i], query.account);
    write_includes(sql, *query.reaches[i], query.account);
    sql.sql += " THEN true";
  }
  sql.sql +=
      " WHEN NOT " + is_by(Desired::By::rule) + " THEN false ELSE " + waits(sql, query.account) + " END";
}

// A bit a filter, 62 to a column.
constexpr size_t kBits = 62;

void write_masks(Condition& sql, const Filters& filters, AccountId account) {
  sql.sql += "0::bigint";
  for (size_t i = 0; i < filters.size(); ++i) {
    sql.sql += i % kBits == 0 && i > 0 ? ", " : " | ";
    sql.sql += "(CASE WHEN ";
    add_covers(sql, filters[i], account);
    sql.sql += " THEN " + std::to_string(std::int64_t{1} << (i % kBits)) + "::bigint ELSE 0 END)";
  }
}

std::vector<bool> matches_of(const Row& row, size_t filters) {
  std::vector<bool> matches(filters);
  for (size_t i = 0; i < filters; ++i)
    matches[i] = (row.integer(static_cast<int>(i / kBits)) >> (i % kBits)) & 1;
  return matches;
}

Standing read_standing(const Row& row) {
  Standing standing;
  standing.device = row.as<DeviceId>(0);
  standing.serial = Serial(row.text(1));
  standing.desired = {row.as<Desired::By>(2), ProfileUuid(row.text(3)), row.as<RuleId>(4),
                      row.optional_time(5)};
  standing.profile_status = row.text(6);
  standing.profile_uuid = ProfileUuid(row.text(7));
  standing.waiting = row.integer(8) != 0;
  standing.rule = static_cast<int>(row.integer(9));
  return standing;
}

}  // namespace

Result<StandingPage> PostgresReader::standings(const StandingQuery& query) {
  // In the order of the index, from where the last page ended. Before the table was analyzed, the planner
  // expects few devices of an account, and would sort all that are left for each page.
  MUSTER_TRY(
      db_.run("SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)"));
  Condition sql;
  sql.sql =
      "SELECT d.id, d.serial, d.desired_by, w.uuid, d.desired_rule, d.desired_at, p.status, p.uuid, "
      "d.waits, d.rule FROM (SELECT d.id, d.serial, d.desired_by, d.desired_profile, d.desired_rule, "
      "d.desired_at, d.profile, ";
  sql.sql += waits(sql, query.account) + " AS waits, ";
  write_first_covering(sql, query.filters, query.account);
  sql.sql += " AS rule FROM device d WHERE d.account = " + sql.value(query.account) +
             " AND d.tombstone_at IS NULL AND d.id > " + sql.value(query.after) + " AND ";
  if (query.waiting_only) sql.sql += waits(sql, query.account) + " AND ";
  write_sieve(sql, query);
  sql.sql += " ORDER BY d.account, d.id LIMIT " + sql.value(query.limit) +
             ") d JOIN profile_state p ON p.id = d.profile LEFT JOIN profile_state w ON w.id = "
             "d.desired_profile ORDER BY d.id";
  MUSTER_TRY(const auto rows, db_.ask_built(sql.sql, sql.values));
  StandingPage page;
  page.standings = rows.each(read_standing);
  if (page.standings.size() == query.limit) page.next = page.standings.back().device;
  return page;
}

Result<std::vector<MatchCount>> PostgresReader::match_counts(AccountId account, const Filters& filters) {
  Condition sql{.sql = "SELECT masks.*, count(*) FROM (SELECT ", .values = {}};
  write_masks(sql, filters, account);
  sql.sql +=
      " FROM device d WHERE d.account = " + sql.value(account) + " AND d.tombstone_at IS NULL) masks (";
  const size_t columns = filters.empty() ? 1 : (filters.size() + kBits - 1) / kBits;
  std::string names;
  for (size_t i = 0; i < columns; ++i) names += (i > 0 ? ", m" : "m") + std::to_string(i);
  sql.sql += names + ") GROUP BY " + names + " ORDER BY " + names;
  MUSTER_TRY(const auto rows, db_.ask_built(sql.sql, sql.values));
  return rows.each([&](const Row& row) {
    return MatchCount{matches_of(row, filters.size()), row.integer(static_cast<int>(columns))};
  });
}

}  // namespace muster::postgres
