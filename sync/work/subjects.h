// Devices as filters see them: with the enrollments, notes and lists that the rules ask for, loaded for a
// page of them at once.
#pragma once

#include <map>
#include <set>
#include <span>

#include "assign/rules.h"
#include "store/store.h"

namespace muster::sync {

class Subjects {
 public:
  Subjects() = default;

  /// What the rules want to know of the devices with these serials. Asks for nothing that no filter uses.
  static Result<Subjects> load(Reader& reader, AccountId account, const AccountName& name,
                               const assign::Rules& rules, std::span<const Serial> serials);

  /// What was loaded of the device is not so any more.
  void replace(const Serial& serial, Note note, std::set<std::string> lists);

  /// Valid as long as both.
  assign::Subject of(const Device& device) const;

 private:
  AccountName account_;
  std::map<Serial, Enrollment> enrollments_;
  std::map<Serial, Note> notes_;
  std::map<Serial, std::set<std::string>> lists_;
};

}  // namespace muster::sync
