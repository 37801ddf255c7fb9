#include "sync/rules/device_notes.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/text/json.h"

namespace muster::sync {
namespace {

Note with(Note note, const NoteRow& row) {
  if (row.name) note.name = *row.name;
  if (row.owner) note.owner = *row.owner;
  if (row.group) note.group = *row.group;
  if (row.asset_tag) note.asset_tag = *row.asset_tag;
  return note;
}

constexpr size_t kPart = 1000;

// A serial may be there several times: the rows apply one behind the other.
Result<> change_part(Writer& writer, AccountId account, std::span<const NoteRow> rows, ChangedNotes& counts) {
  std::vector<Serial> serials;
  for (const auto& row : rows) serials.push_back(row.serial);
  MUSTER_TRY(auto known, writer.notes(account, serials));
  std::set<Serial> changed;
  for (const auto& row : rows) {
    Note& note = known[row.serial];
    const Note after = with(note, row);
    if (after == note) {
      ++counts.same;
      continue;
    }
    ++(note.is_empty() ? counts.added : after.is_empty() ? counts.removed : counts.changed);
    note = after;
    changed.insert(row.serial);
  }
  std::vector<SerialNote> notes;
  for (const auto& serial : changed) notes.push_back({serial, known.at(serial)});
  return writer.put_notes(account, notes);
}

}  // namespace

Result<ChangedNotes> change_notes(Writer& writer, AccountId account, std::span<const NoteRow> rows) {
  ChangedNotes counts;
  for (size_t done = 0; done < rows.size(); done += kPart)
    MUSTER_TRY(change_part(writer, account, rows.subspan(done, std::min(kPart, rows.size() - done)), counts));
  if (counts.added + counts.changed + counts.removed > 0)
    writer.note_change(
        {.action = "notes.changed",
         .after = write_json(boost::json::object{
             {"added", counts.added}, {"changed", counts.changed}, {"removed", counts.removed}})});
  else
    writer.note_no_change();
  return counts;
}

}  // namespace muster::sync
