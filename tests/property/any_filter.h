// Devices, and filters over them, as RapidCheck makes them up: what SQL, globs and UTF-8 hold for special is
// among them.
#pragma once

#include <rapidcheck.h>

#include <set>
#include <string>
#include <vector>

#include "filter/filter.h"
#include "model/device.h"
#include "model/mdm/enrollment.h"
#include "model/note.h"
#include "tests/support/manual_clock.h"

namespace muster::property {

template <class T>
T pick(const std::vector<T>& from) {
  return *rc::gen::elementOf(from);
}
inline bool chance(int one_in) { return *rc::gen::inRange(0, one_in) == 0; }

struct Known {
  Device device;
  Enrollment enrollment;  // of no account where no MDM server told of it
  Note note;
  std::set<std::string> lists;
};

/// As a filter has it, once it is stored.
inline const Enrollment* enrollment_of(const Known& known) {
  return known.enrollment.last_seen == Time{} ? nullptr : &known.enrollment;
}

/// A few of them, some tombstones.
std::vector<Known> any_devices();
FilterExpression any_expression(int depth = 4);

}  // namespace muster::property
