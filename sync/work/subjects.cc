#include "sync/work/subjects.h"

namespace muster::sync {

Result<Subjects> Subjects::load(Reader& reader, AccountId account, const AccountName& name,
                                const assign::Rules& rules, std::span<const Serial> serials) {
  Subjects subjects;
  subjects.account_ = name;
  if (rules.use_enrollments()) {
    MUSTER_TRY(subjects.enrollments_, reader.enrollments_in(account, serials));
  }
  if (rules.use_notes()) {
    MUSTER_TRY(subjects.notes_, reader.notes(account, serials));
  }
  if (rules.use_lists()) {
    MUSTER_TRY(subjects.lists_, reader.lists_of(account, serials));
  }
  return subjects;
}

void Subjects::replace(const Serial& serial, Note note, std::set<std::string> lists) {
  notes_[serial] = std::move(note);
  lists_[serial] = std::move(lists);
}

assign::Subject Subjects::of(const Device& device) const {
  const auto enrollment = enrollments_.find(device.serial);
  const auto note = notes_.find(device.serial);
  const auto lists = lists_.find(device.serial);
  return {.device = device,
          .account = account_,
          .enrollment = enrollment == enrollments_.end() ? nullptr : &enrollment->second,
          .note = note == notes_.end() ? nullptr : &note->second,
          .lists = lists == lists_.end() ? nullptr : &lists->second};
}

}  // namespace muster::sync
