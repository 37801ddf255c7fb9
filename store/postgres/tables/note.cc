#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

SerialNote read_note(const Row& row) {
  return {
      .serial = Serial(row.text(0)),
      .note = {.name = row.text(1), .owner = row.text(2), .group = row.text(3), .asset_tag = row.text(4)}};
}

}  // namespace

Result<std::map<Serial, Note>> PostgresReader::notes(AccountId account, std::span<const Serial> serials) {
  std::map<Serial, Note> found;
  if (serials.empty()) return found;
  MUSTER_TRY(auto notes,
             db_.all("SELECT n.serial, n.name, n.owner, n.grp, n.asset_tag FROM unnest($2) AS given "
                     "(serial) CROSS JOIN LATERAL (SELECT * FROM note WHERE account = $1 AND serial = "
                     "given.serial " EACH_BY_INDEX ") AS n",
                     read_note, account, column(serials)));
  for (auto& [serial, note] : notes) found.emplace(std::move(serial), std::move(note));
  return found;
}

Result<std::vector<SerialNote>> PostgresReader::note_page(AccountId account, const Serial& after,
                                                          size_t limit) {
  return db_.all(
      "SELECT serial, name, owner, grp, asset_tag FROM note WHERE account = $1 AND serial > $2 ORDER BY serial "
      "LIMIT $3",
      read_note, account, after, limit);
}

Result<> PostgresWriter::put_notes(AccountId account, std::span<const SerialNote> notes) {
  if (notes.empty()) return {};
  std::vector<const SerialNote*> kept, removed;
  for (const auto& noted : notes) (noted.note.is_empty() ? removed : kept).push_back(&noted);
  const auto of = [](auto member) {
    return [member](const SerialNote* noted) -> const std::string& { return noted->note.*member; };
  };
  const auto serial = [](const SerialNote* noted) -> const Serial& { return noted->serial; };
  MUSTER_TRY(
      db_.run("DELETE FROM note WHERE account = $1 AND serial = ANY($2)", account, column(removed, serial)));
  return db_.run(
      "INSERT INTO note (account, serial, name, owner, grp, asset_tag) "
      "SELECT $1, serial, name, owner, grp, asset_tag FROM unnest($2, $3, $4, $5, $6) "
      "AS given (serial, name, owner, grp, asset_tag) "
      "ON CONFLICT (account, serial) DO UPDATE SET name = excluded.name, owner = excluded.owner, "
      "grp = excluded.grp, asset_tag = excluded.asset_tag",
      account, column(kept, serial), column(kept, of(&Note::name)), column(kept, of(&Note::owner)),
      column(kept, of(&Note::group)), column(kept, of(&Note::asset_tag)));
}

}  // namespace muster::postgres
