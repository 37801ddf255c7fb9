// An assignment: desired differs from observed. One row of durable work a device. assign/work.h has the table of its states.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct Assignment {
  enum class State {
    due,         ///< to be sent at next_try
    in_flight,   ///< sent, and nobody knows whether it had an effect: Apple is asked before it is sent again
    confirming,  ///< Apple said SUCCESS; its report is read at next_try
    looking,  ///< Apple is asked how the device is before anything is sent: it lost its profile, or the answer was unclear
    parked,  ///< Apple rejects every call that contains it: sent alone, seldom
  };
  /// The order of work: who just arrived goes first.
  enum class Urgency { arrival = 0, retry = 1, backfill = 2 };

  DeviceId device{};
  Serial serial;  ///< of the device, filled when read
  AccountId account{};
  ProfileUuid profile;
  State state = State::due;
  Urgency urgency = Urgency::arrival;
  int attempts = 0;         ///< in a row: answers that did not bring it further
  Time next_try{};          ///< not before this
  std::string last_answer;  ///< Apple's last word for it, or why there was none; "" before the first try
  Time created_at{};

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

}  // namespace muster
