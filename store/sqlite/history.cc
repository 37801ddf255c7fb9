#include "store/sqlite/writer.h"

namespace muster::sqlite {

Result<long long> SqliteReader::history_count(DeviceId device, HistoryEntry::Kind kind, Time since) {
  MUSTER_TRY(const auto count,
             db_.first(
                 "SELECT count(*) FROM history WHERE device = ? AND kind = ? AND at >= ?",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, device, kind, since));
  return count.value_or(0);
}

Result<std::vector<HistoryEntry>> SqliteReader::history(DeviceId device) {
  return db_.all(
      "SELECT device, at, kind, detail FROM history WHERE device = ? ORDER BY id",
      [](const Row& row) {
        return HistoryEntry{row.as<DeviceId>(0), row.time(1), row.as<HistoryEntry::Kind>(2), row.text(3)};
      },
      device);
}

Result<> SqliteWriter::add_histories(std::span<const HistoryEntry> entries) {
  const Given rows(entries, [](const HistoryEntry& entry, int column, Column to) {
    switch (column) {
      case 0: return put(to, entry.device);
      case 1: return put(to, entry.at);
      case 2: return put(to, entry.kind);
      case 3: return put(to, entry.detail);
      default: return;
    }
  });
  return db_.run_over("INSERT INTO history (device, at, kind, detail) SELECT c0, c1, c2, c3 FROM given",
                      rows);
}

}  // namespace muster::sqlite
