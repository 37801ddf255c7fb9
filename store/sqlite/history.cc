#include "store/sqlite/writer.h"

namespace muster::sqlite {

Result<std::vector<HistoryEntry>> SqliteReader::history(DeviceId device) {
  return db_.all(
      "SELECT device, at, kind, detail FROM history WHERE device = ? ORDER BY id",
      [](const Row& row) {
        return HistoryEntry{row.as<DeviceId>(0), row.time(1), row.as<HistoryEntry::Kind>(2), row.text(3)};
      },
      device);
}

Result<> SqliteWriter::add_history(const HistoryEntry& entry) {
  return db_.run("INSERT INTO history (device, at, kind, detail) VALUES (?, ?, ?, ?)", entry.device, entry.at,
                 entry.kind, entry.detail);
}

}  // namespace muster::sqlite
