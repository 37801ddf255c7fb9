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

Result<> SqliteWriter::add_histories(AccountId account, std::span<const HistoryEntry> entries) {
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
  return db_.run_over("INSERT INTO history (device, at, kind, detail) SELECT c0, c1, c2, c3 FROM given",
                      rows);
}

}  // namespace muster::sqlite
