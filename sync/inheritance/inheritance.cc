#include "sync/inheritance/inheritance.h"

#include "assign/decide.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

// Fills the fields that are empty. Returns whether there were any to fill.
bool fill(Note& own, const Note& other) {
  const Note before = own;
  for (const auto field : {&Note::name, &Note::owner, &Note::group, &Note::asset_tag})
    if ((own.*field).empty()) own.*field = other.*field;
  return own != before;
}

// "its note, 2 lists and hold were taken over"; "" for nothing.
std::string taken_text(const Inherited& inherited, bool hold) {
  std::vector<std::string> things;
  if (inherited.note) things.emplace_back("note");
  if (inherited.lists > 0)
    things.push_back(std::to_string(inherited.lists) + (inherited.lists == 1 ? " list" : " lists"));
  if (hold) things.emplace_back("hold");
  if (things.empty()) return {};
  std::string text = "its ";
  for (size_t i = 0; i < things.size(); ++i)
    text += (i == 0 ? "" : i + 1 == things.size() ? " and " : ", ") + things[i];
  const bool is_one = things.size() == 1 && inherited.lists <= 1;
  return text + (is_one ? " was taken over" : " were taken over");
}

}  // namespace

std::string Inherited::text(InheritedHold hold) const {
  const std::string taken = taken_text(*this, hold == InheritedHold::taken);
  const std::string beginning = "replaces " + original.str() + ": ";
  if (hold != InheritedHold::overruled)
    return beginning + (taken.empty() ? "there was nothing to take over" : taken);
  return beginning + (taken.empty() ? "its hold was not taken over" : taken + "; its hold was not") +
         ", because an operator had decided about this device";
}

Result<Inheritance> Inheritance::load(Reader& reader, AccountId account, const Replaced& replaced) {
  Inheritance inheritance;
  inheritance.account_ = account;
  if (replaced.empty()) return inheritance;
  inheritance.replaced_ = replaced;
  std::set<Serial> all;
  std::vector<Serial> originals;
  for (const auto& [serial, original] : replaced) {
    all.insert({serial, original});
    originals.push_back(original);
  }
  const std::vector<Serial> serials(all.begin(), all.end());
  MUSTER_TRY(inheritance.notes_, reader.notes(account, serials));
  MUSTER_TRY(inheritance.lists_, reader.lists_of(account, serials));
  MUSTER_TRY(const auto devices, reader.devices(account, originals));
  for (const auto& device : devices)
    if (device.desired.by == Desired::By::hold) inheritance.held_.insert(device.serial);
  return inheritance;
}

const Serial* Inheritance::original_of(const Serial& serial) const {
  const auto found = replaced_.find(serial);
  return found == replaced_.end() ? nullptr : &found->second;
}

Inherited Inheritance::take(const Serial& serial, const Device* original) {
  Inherited inherited{.original = replaced_.at(serial)};
  inherited.is_held =
      original ? original->desired.by == Desired::By::hold : held_.contains(inherited.original);
  if (const auto note = notes_.find(inherited.original); note != notes_.end())
    inherited.note = fill(notes_[serial], note->second);
  if (inherited.note) noted_.insert(serial);
  if (const auto lists = lists_.find(inherited.original); lists != lists_.end()) {
    for (const auto& name : lists->second) {
      if (!lists_[serial].insert(name).second) continue;
      joined_[name].push_back(serial);
      ++inherited.lists;
    }
  }
  inherited.whole_note = notes_[serial];
  inherited.all_lists = lists_[serial];
  return inherited;
}

Result<> Inheritance::write(Writer& writer, Time now) const {
  std::vector<SerialNote> notes;
  for (const auto& serial : noted_) notes.push_back({serial, notes_.at(serial)});
  if (!notes.empty()) MUSTER_TRY(writer.put_notes(account_, notes));
  for (const auto& [name, serials] : joined_) {
    MUSTER_TRY(auto list, writer.serial_list(account_, name));
    if (!list) continue;
    MUSTER_TRY(writer.add_to_list(list->id, serials));
    ++list->version;
    list->updated_at = now;
    MUSTER_TRY(writer.put_serial_list(*list));
  }
  return {};
}

Result<bool> has_inherited(DeviceUpdates& updates, const Device& device) {
  MUSTER_TRY(const auto times, updates.history_count(device, Kind::inherited, Time{}));
  return times > 0;
}

Result<Inherited> inherit_late(DeviceUpdates& updates, Inheritance& inheritance, Device& device,
                               const Device* original, Time now, Time by_apple) {
  auto inherited = inheritance.take(device.serial, original);
  const auto hold = !inherited.is_held                  ? InheritedHold::none
                    : assign::is_manual(device.desired) ? InheritedHold::overruled
                                                        : InheritedHold::taken;
  updates.note(device, now, Kind::inherited, inherited.text(hold));
  if (hold != InheritedHold::taken) return inherited;
  updates.remove_assignment(device.id);
  device.desired = {Desired::By::hold, {}, {}, by_apple};
  device.contested_at.reset();
  updates.update(device);
  updates.note(device, now, Kind::held, "taken over from " + inherited.original.str());
  return inherited;
}

}  // namespace muster::sync
