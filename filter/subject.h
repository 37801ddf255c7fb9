// What a filter is asked about: a device, and what is known of it beside Apple's row.
#pragma once

#include <set>
#include <string>

#include "model/device.h"
#include "model/mdm/enrollment.h"
#include "model/note.h"

namespace muster::assign {

/// All of it outlives the Subject.
struct Subject {
  const Device& device;
  const AccountName& account;
  /// Null when no MDM server told of it, and when it is in another account now.
  const Enrollment* enrollment = nullptr;
  const Note* note = nullptr;                    ///< null when nobody noted anything
  const std::set<std::string>* lists = nullptr;  ///< names of the lists it is in; null: in none
};

}  // namespace muster::assign
