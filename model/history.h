// What happened to a device, in order: the reasons behind its profile.
#pragma once

#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct HistoryEntry {
  /// Stored as numbers: never renumber, only append.
  enum class Kind {
    baseline = 1,        ///< was there before us; the first of all, and not stored: Device::baseline
    arrived = 2,         ///< came to the account
    left = 3,            ///< became a tombstone; detail: the reason
    decided = 4,         ///< got a desired profile; detail: the rule or person, and the UUID
    uncovered = 5,       ///< arrived, and no rule covered it
    answered = 6,        ///< Apple's answer to an assignment; detail: the word and the UUID
    confirmed = 7,       ///< Apple's report shows the desired profile
    observed = 8,        ///< Apple's report shows another profile or status than before; detail: from and to
    held = 9,            ///< a person removed its profile
    not_confirmed = 10,  ///< Apple had said SUCCESS, and its report shows something else
    repaired = 11,       ///< had lost the desired profile; assigned again
    contested = 12,      ///< lost it too often: left alone until a person decides
    released = 13,       ///< a person lifted the hold: rules concern it again
    missing = 14,        ///< a full list does not have it: Apple is asked
    enrolled = 15,       ///< an MDM server said so; detail: with which profile, and whose
    unenrolled = 16,     ///< likewise
    late = 17,           ///< did not enroll in its rule's time; detail: the rule and the time
    inherited = 18,      ///< replaces another device; detail: which, and what it took over of that
  };
  DeviceId device{};
  Time at{};
  Kind kind = Kind::baseline;
  std::string detail;  ///< for people; "" when the kind says all
};

}  // namespace muster
