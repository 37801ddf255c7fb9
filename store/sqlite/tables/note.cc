#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

SerialNote read_note(const Row& row) {
  return {
      .serial = Serial(row.text(0)),
      .note = {.name = row.text(1), .owner = row.text(2), .group = row.text(3), .asset_tag = row.text(4)}};
}

}  // namespace

Result<std::map<Serial, Note>> SqliteReader::notes(AccountId account, std::span<const Serial> serials) {
  std::map<Serial, Note> found;
  for (const auto& serial : serials) {
    MUSTER_TRY(auto noted, db_.first("SELECT serial, name, owner, grp, asset_tag FROM note WHERE account = ? "
                                     "AND serial = ?",
                                     read_note, account, serial));
    if (noted) found.emplace(std::move(noted->serial), std::move(noted->note));
  }
  return found;
}

Result<std::vector<SerialNote>> SqliteReader::note_page(AccountId account, const Serial& after,
                                                        size_t limit) {
  return db_.all(
      "SELECT serial, name, owner, grp, asset_tag FROM note WHERE account = ? AND serial > ? ORDER BY serial "
      "LIMIT ?",
      read_note, account, after, limit);
}

Result<> SqliteWriter::put_notes(AccountId account, std::span<const SerialNote> notes) {
  MUSTER_TRY(will_write("note"));
  for (const auto& [serial, note] : notes) {
    if (note.is_empty()) {
      MUSTER_TRY(db_.run("DELETE FROM note WHERE account = ? AND serial = ?", account, serial));
      continue;
    }
    MUSTER_TRY(db_.run(
        "INSERT OR REPLACE INTO note (account, serial, name, owner, grp, asset_tag) VALUES (?, ?, ?, ?, ?, ?)",
        account, serial, note.name, note.owner, note.group, note.asset_tag));
  }
  return {};
}

}  // namespace muster::sqlite
