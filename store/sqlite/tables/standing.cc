// Every device of an account against every rule: one walk over the table, the rules' filters as SQL, so that
// a million devices are looked at in a second or so.

#include <algorithm>
#include <map>

#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/engine/kept_counts.h"
#include "store/sqlite/tables/filter.h"
#include "store/sqlite/tables/sent.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

using Filters = std::vector<const FilterExpression*>;

// Devices that one statement looks at, so that none takes long, however few of them it gives.
constexpr std::int64_t kLookedAt = 32'768;

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

std::string due() { return std::to_string(static_cast<int>(Assignment::State::due)); }

// Of the devices that a statement looks at: asked once, not of each of them.
struct Span {
  std::int64_t after, end;
};
void write_waits(Condition& sql, const Span& span) {
  sql.sql +=
      "d.id IN (SELECT a.device FROM assignment a WHERE a.device > ? AND a.device <= ? AND a.state = " +
      due() + " AND NOT " IS_SENT("a") ")";
  sql.values.emplace_back(span.after);
  sql.values.emplace_back(span.end);
}

std::string is_by(Desired::By by) { return "d.desired_by = " + std::to_string(static_cast<int>(by)); }

// Reach::includes().
void write_includes(Condition& sql, const Reach& reach, AccountId account) {
  const auto number = static_cast<std::int64_t>(account);
  if (reach.undecided_only) sql.sql += " AND " + is_by(Desired::By::nobody);
  if (reach.without_profile_only) {
    sql.sql += " AND d.profile IN (SELECT p.id FROM profile_state p WHERE p.account = ? AND p.status IN " +
               sql_statuses_without_profile() + ")";
    sql.values.emplace_back(number);
  }
  if (!reach.not_desired) return;
  if (reach.not_desired->empty()) {
    sql.sql += " AND d.desired_profile <> 0";
    return;
  }
  sql.sql +=
      " AND d.desired_profile NOT IN (SELECT p.id FROM profile_state p WHERE p.account = ? AND p.status = '' AND "
      "p.uuid = ?)";
  sql.values.emplace_back(number);
  sql.values.emplace_back(reach.not_desired->str());
}

// Whether a rule might change the device: few filters are tried for most devices, while saying which one is
// the first to cover it takes all of them.
void write_sieve(Condition& sql, const StandingQuery& query, const Span& span) {
  if (query.reaches.empty()) {
    sql.sql += "1";
    return;
  }
  sql.sql += "CASE";
  for (size_t i = 0; i < query.filters.size(); ++i) {
    if (!query.reaches[i]) continue;
    sql.sql += " WHEN ";
    add_covers(sql, query.filters[i], query.account);
    write_includes(sql, *query.reaches[i], query.account);
    sql.sql += " THEN 1";
  }
  // CASE, because SQLite asks both sides of an AND that is a value.
  sql.sql += " WHEN NOT " + is_by(Desired::By::rule) + " THEN 0 ELSE ";
  write_waits(sql, span);
  sql.sql += " END AND NOT " + is_by(Desired::By::manual) + " AND NOT " + is_by(Desired::By::hold);
}

// A bit a filter, 62 to a column.
constexpr size_t kBits = 62;

void write_masks(Condition& sql, const Filters& filters, AccountId account, decltype(&add_covers) add) {
  sql.sql += "0";
  for (size_t i = 0; i < filters.size(); ++i) {
    sql.sql += i % kBits == 0 && i > 0 ? ", " : " | ";
    sql.sql += "(";
    add(sql, filters[i], account);
    sql.sql += " << " + std::to_string(i % kBits) + ")";
  }
}

std::vector<bool> matches_of(const std::vector<std::int64_t>& masks, size_t filters) {
  std::vector<bool> matches(filters);
  for (size_t i = 0; i < filters; ++i) matches[i] = (masks[i / kBits] >> (i % kBits)) & 1;
  return matches;
}

Result<Standing> read_standing(Dictionaries& dictionaries, const Row& row) {
  Standing standing;
  standing.device = row.as<DeviceId>(0);
  standing.serial = Serial(row.text(1));
  standing.desired = {row.as<Desired::By>(2), {}, row.as<RuleId>(4), row.optional_time(5)};
  standing.waiting = row.integer(7) != 0;
  standing.rule = static_cast<int>(row.integer(8));
  MUSTER_TRY(standing.desired.profile, dictionaries.profile(row.integer(3)));
  MUSTER_TRY(const auto* const state, dictionaries.profile_states.texts(row.integer(6)));
  standing.profile_status = (*state)[0];
  standing.profile_uuid = ProfileUuid((*state)[1]);
  return standing;
}

}  // namespace

Result<StandingPage> SqliteReader::standings(const StandingQuery& query) {
  MUSTER_TRY(const auto last, db_.first("SELECT coalesce(max(id), 0) FROM device",
                                        [](const Row& row) { return row.integer(0); }));
  const auto after = static_cast<std::int64_t>(query.after);
  MUSTER_TRY(const auto from, from_devices_of(db_, query.account));
  const bool in_parts = !query.waiting_only && from == kAllDevices;
  const std::int64_t end = in_parts ? std::min(*last, after + kLookedAt) : *last;
  const Span span{after, end};
  Condition sql;
  sql.sql =
      "SELECT d.id, d.serial, d.desired_by, d.desired_profile, d.desired_rule, d.desired_at, "
      "d.profile, ";
  write_waits(sql, span);
  sql.sql += ", ";
  write_first_covering(sql, query.filters, query.account);
  sql.sql += query.waiting_only
                 ? " FROM assignment w JOIN device d ON d.id = w.device WHERE w.state = " + due() +
                       " AND NOT " IS_SENT("w") " AND "
                 : " FROM " + from + " WHERE ";
  sql.sql += "d.account = ? AND d.tombstone_at IS NULL AND d.id > ? AND d.id <= ? AND ";
  for (const auto value : {static_cast<std::int64_t>(query.account), after, end})
    sql.values.emplace_back(value);
  write_sieve(sql, query, span);
  sql.sql += " ORDER BY d.id LIMIT ?";
  sql.values.emplace_back(static_cast<std::int64_t>(query.limit));
  StandingPage page;
  MUSTER_TRY(page.standings, db_.all_of_built(sql.sql, sql.values, [this](const Row& row) {
    return read_standing(db_.dictionaries(), row);
  }));
  if (page.standings.size() == query.limit)
    page.next = page.standings.back().device;
  else if (end < *last)
    page.next = static_cast<DeviceId>(end);
  return page;
}

Result<std::vector<MatchCount>> SqliteReader::match_counts(AccountId account, const Filters& filters) {
  Condition sql{.sql = "SELECT ", .values = {}};
  const bool kinds_tell = std::all_of(filters.begin(), filters.end(),
                                      [](const auto* filter) { return !filter || asks_kinds_only(*filter); });
  write_masks(sql, filters, account, kinds_tell ? add_covers_kind : add_covers);
  sql.values.emplace_back(static_cast<std::int64_t>(account));
  if (kinds_tell) {
    sql.sql += ", c.number FROM kept_count c JOIN kind k ON k.id = c.part WHERE c.account = ? AND c.kind = ?";
    sql.values.emplace_back(static_cast<std::int64_t>(KeptCounts::Kind::by_kind));
  } else {
    MUSTER_TRY(const auto from, from_devices_of(db_, account));
    sql.sql += ", 1 FROM " + from + " WHERE d.account = ? AND d.tombstone_at IS NULL";
  }
  const size_t columns = filters.empty() ? 1 : (filters.size() + kBits - 1) / kBits;

  std::map<std::vector<std::int64_t>, long long> counts;
  MUSTER_TRY(db_.each_of_built(sql.sql, sql.values, [&](const Row& row) {
    std::vector<std::int64_t> masks(columns);
    for (size_t i = 0; i < columns; ++i) masks[i] = row.integer(static_cast<int>(i));
    counts[std::move(masks)] += row.integer(static_cast<int>(columns));
    return Result<>();
  }));
  std::vector<MatchCount> found;
  for (const auto& [masks, devices] : counts) found.push_back({matches_of(masks, filters.size()), devices});
  return found;
}

}  // namespace muster::sqlite
