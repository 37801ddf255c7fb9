#include <iterator>

#include "model/text/words.h"
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

// The line that follows from the device's row, or none.
Result<std::vector<HistoryEntry>> baseline_of(Connection& db, DeviceId device) {
  return db.all(
      "SELECT d.id, d.first_seen, b.status, b.uuid FROM device d JOIN profile_state b ON b.id = d.baseline "
      "WHERE d.id = $1",
      [](const Row& row) {
        return HistoryEntry{row.as<DeviceId>(0), row.time(1), HistoryEntry::Kind::baseline,
                            text_of(ProfileShown{row.text(2), ProfileUuid(row.text(3))})};
      },
      device);
}

}  // namespace

Result<long long> PostgresReader::history_count(DeviceId device, HistoryEntry::Kind kind, Time since) {
  MUSTER_TRY(const auto rows,
             db_.ask("SELECT count(*) FROM history WHERE device = $1 AND kind = $2 AND at >= $3", device,
                     kind, since));
  return rows[0].integer(0);
}

Result<std::vector<HistoryEntry>> PostgresReader::history(DeviceId device) {
  MUSTER_TRY(auto entries, baseline_of(db_, device));
  MUSTER_TRY(
      auto stored,
      db_.all(
          "SELECT h.device, h.at, h.kind, t.text FROM history h "
          "LEFT JOIN detail t ON t.id = h.detail WHERE h.device = $1 ORDER BY h.id",
          [](const Row& row) {
            return HistoryEntry{row.as<DeviceId>(0), row.time(1), row.as<HistoryEntry::Kind>(2), row.text(3)};
          },
          device));
  std::move(stored.begin(), stored.end(), std::back_inserter(entries));
  return entries;
}

Result<bool> PostgresReader::has_history_to_thin(const HistoryCutoff& cutoff) {
  MUSTER_TRY(const auto next,
             db_.first(
                 "SELECT at < $1 OR at > $2 FROM history WHERE id > (SELECT last FROM "
                 "history_thinned) ORDER BY id LIMIT 1",
                 [](const Row& row) { return row.integer(0) != 0; }, cutoff.before, cutoff.now));
  return next.value_or(false);
}

Result<ThinnedHistory> PostgresWriter::thin_history(const HistoryCutoff& cutoff, size_t limit) {
  MUSTER_TRY(const auto last, db_.first(
                                  "WITH seen AS (SELECT id, at < $1 OR at > $2 AS is_old FROM history "
                                  "WHERE id > (SELECT last FROM history_thinned) ORDER BY id LIMIT $3) "
                                  "SELECT max(id) FROM seen WHERE is_old AND id < coalesce((SELECT min(id) "
                                  "FROM seen WHERE NOT is_old), 9223372036854775807) HAVING count(*) > 0",
                                  [](const Row& row) { return row.integer(0); }, cutoff.before, cutoff.now,
                                  static_cast<std::int64_t>(limit)));
  if (!last) return ThinnedHistory{};
  MUSTER_TRY(
      const auto removed,
      db_.ask(
          "DELETE FROM history WHERE (device, id) IN (SELECT earlier.device, earlier.id FROM history later "
          "JOIN history earlier ON earlier.device = later.device AND earlier.id < later.id "
          "AND earlier.kind = later.kind AND earlier.at < $2 "
          "WHERE later.id > (SELECT last FROM history_thinned) AND later.id <= $1 AND later.at < $2)",
          *last, cutoff.before));
  ThinnedHistory thinned{.removed = removed.affected(), .is_more = false};
  MUSTER_TRY(db_.run("UPDATE history_thinned SET last = $1", *last));
  MUSTER_TRY(thinned.is_more, has_history_to_thin(cutoff));
  return thinned;
}

Result<> PostgresWriter::add_histories(AccountId account, std::span<const HistoryEntry> entries) {
  if (entries.empty()) return {};
  std::vector<Dictionary<DetailTable>::Views> details;
  for (const auto& entry : entries)
    if (!entry.detail.empty()) details.push_back({entry.detail});
  MUSTER_TRY(const auto found, dictionaries_.details.numbers_of(db_, account, details));
  std::vector<std::int64_t> numbers;
  auto number = found.begin();
  for (const auto& entry : entries) numbers.push_back(entry.detail.empty() ? 0 : *number++);
  // Between the numbers there may be those of other accounts.
  return db_.run(
      "WITH added AS (INSERT INTO history (device, at, kind, detail) SELECT device, at, kind, detail "
      "FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS given (device, at, kind, detail, place) ORDER BY place "
      "RETURNING id) INSERT INTO feed (account, at, type, body) SELECT $5, $6, $7, "
      "'{\"first\":' || min(id) || ',\"last\":' || max(id) || '}' FROM added",
      column(entries, [](const HistoryEntry& entry) { return entry.device; }),
      column(entries, [](const HistoryEntry& entry) { return entry.at; }),
      column(entries, [](const HistoryEntry& entry) { return entry.kind; }), column(numbers), account,
      entries.back().at, FeedType::devices);
}

}  // namespace muster::postgres
