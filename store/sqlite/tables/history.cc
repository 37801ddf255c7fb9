#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/text/words.h"
#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

Result<HistoryEntry> read_entry(Dictionary<DetailTable>& details, const Row& row) {
  HistoryEntry entry{row.as<DeviceId>(0), row.time(1), row.as<HistoryEntry::Kind>(2), {}};
  if (row.integer(3) == 0) return entry;
  MUSTER_TRY(const auto* const texts, details.texts(row.integer(3)));
  entry.detail = texts->front();
  return entry;
}

// The line that follows from the device's row, or none.
Result<std::vector<HistoryEntry>> baseline_of(Database& db, DeviceId device) {
  return db.all(
      "SELECT id, first_seen, baseline FROM device WHERE id = ? AND baseline IS NOT NULL",
      [&db](const Row& row) -> Result<HistoryEntry> {
        MUSTER_TRY(const auto* const state, db.dictionaries().profile_states.texts(row.integer(2)));
        return HistoryEntry{row.as<DeviceId>(0), row.time(1), HistoryEntry::Kind::baseline,
                            text_of(ProfileShown{(*state)[0], ProfileUuid((*state)[1])})};
      },
      device);
}

// Rows of one statement have numbers that follow each other.
FeedEntry feed_entry_of(AccountId account, std::span<const HistoryEntry> entries, std::int64_t first,
                        std::int64_t last) {
  return {.position = {0, entries.back().at},
          .account = account,
          .type = FeedType::devices,
          .body = fmt::format(R"({{"first":{},"last":{}}})", first, last)};
}

}  // namespace

Result<long long> SqliteReader::history_count(DeviceId device, HistoryEntry::Kind kind, Time since) {
  MUSTER_TRY(const auto count,
             db_.first(
                 "SELECT count(*) FROM history WHERE device = ? AND kind = ? AND at >= ?",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, device, kind, since));
  return count.value_or(0);
}

Result<std::vector<HistoryEntry>> SqliteReader::history(DeviceId device) {
  MUSTER_TRY(auto entries, baseline_of(db_, device));
  MUSTER_TRY(auto stored,
             db_.all(
                 "SELECT device, at, kind, detail FROM history WHERE device = ? ORDER BY id",
                 [this](const Row& row) { return read_entry(db_.dictionaries().details, row); }, device));
  std::move(stored.begin(), stored.end(), std::back_inserter(entries));
  return entries;
}

Result<bool> SqliteReader::has_history_to_thin(const HistoryCutoff& cutoff) {
  MUSTER_TRY(const auto next,
             db_.first(
                 "SELECT at < ?1 OR at > ?2 FROM history WHERE id > (SELECT last FROM "
                 "history_thinned) ORDER BY id LIMIT 1",
                 [](const Row& row) { return row.integer(0) != 0; }, cutoff.before, cutoff.now));
  return next.value_or(false);
}

Result<ThinnedHistory> SqliteWriter::thin_history(const HistoryCutoff& cutoff, size_t limit) {
  // When the newest entries go with their devices, ids begin again behind what is left.
  MUSTER_TRY(
      db_.run("UPDATE history_thinned SET last = min(last, (SELECT coalesce(max(id), 0) FROM history))"));
  struct Entry {
    std::int64_t id;
    bool is_old;
  };
  MUSTER_TRY(const auto entries,
             db_.all(
                 "SELECT id, at < ?1 OR at > ?2 FROM history WHERE id > (SELECT last FROM history_thinned) "
                 "ORDER BY id LIMIT ?3",
                 [](const Row& row) {
                   return Entry{row.integer(0), row.integer(1) != 0};
                 },
                 cutoff.before, cutoff.now, limit));
  const auto end =
      std::find_if(entries.begin(), entries.end(), [](const Entry& entry) { return !entry.is_old; });
  if (end == entries.begin()) return ThinnedHistory{};
  const std::int64_t last = std::prev(end)->id;
  MUSTER_TRY(
      db_.run("DELETE FROM history WHERE id IN (SELECT earlier.id FROM history later CROSS JOIN history "
              "earlier ON earlier.device = later.device WHERE later.id > (SELECT last FROM history_thinned) "
              "AND later.id <= ?1 AND later.at < ?2 AND earlier.id < later.id AND earlier.kind = later.kind "
              "AND earlier.at < ?2)",
              last, cutoff.before));
  ThinnedHistory thinned{.removed = db_.changes(), .is_more = false};
  MUSTER_TRY(db_.run("UPDATE history_thinned SET last = ?", last));
  MUSTER_TRY(thinned.is_more, has_history_to_thin(cutoff));
  return thinned;
}

Result<> SqliteWriter::add_histories(AccountId account, std::span<const HistoryEntry> entries) {
  if (entries.empty()) return {};
  struct Line {
    const HistoryEntry* entry;
    std::int64_t detail;
  };
  std::vector<Line> lines;
  lines.reserve(entries.size());
  for (const auto& entry : entries) {
    MUSTER_TRY(const auto detail, entry.detail.empty()
                                      ? Result<std::int64_t>(0)
                                      : db_.dictionaries().details.number_of(account, {entry.detail}));
    lines.push_back({&entry, detail});
  }
  const Given rows(lines, [](const Line& line, int column, Column to) {
    switch (column) {
      case 0: return put(to, line.entry->device);
      case 1: return put(to, line.entry->at);
      case 2: return put(to, line.entry->kind);
      case 3: return put(to, line.detail);
      default: return;
    }
  });
  MUSTER_TRY(
      db_.run_over("INSERT INTO history (device, at, kind, detail) SELECT c0, c1, c2, c3 FROM given", rows));
  const std::int64_t last = db_.last_id();
  return add_to_feed(
      feed_entry_of(account, entries, last - static_cast<std::int64_t>(entries.size()) + 1, last));
}

}  // namespace muster::sqlite
