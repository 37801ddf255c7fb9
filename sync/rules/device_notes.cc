#include "sync/rules/device_notes.h"

namespace muster::sync {
namespace {

Note with(Note note, const NoteRow& row) {
  if (row.name) note.name = *row.name;
  if (row.owner) note.owner = *row.owner;
  if (row.group) note.group = *row.group;
  if (row.asset_tag) note.asset_tag = *row.asset_tag;
  return note;
}

}  // namespace

Result<ChangedNotes> change_notes(Writer& writer, AccountId account, std::span<const NoteRow> rows) {
  ChangedNotes counts;
  for (const auto& row : rows) {
    MUSTER_TRY(const auto known, writer.notes(account, std::span(&row.serial, 1)));
    const Note before = known.empty() ? Note{} : known.begin()->second;
    const Note after = with(before, row);
    if (after == before) {
      ++counts.same;
      continue;
    }
    ++(before.is_empty() ? counts.added : after.is_empty() ? counts.removed : counts.changed);
    MUSTER_TRY(writer.put_note(account, row.serial, after));
  }
  return counts;
}

}  // namespace muster::sync
