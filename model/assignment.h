// An assignment: durable work for a device whose desired profile Apple has not reported yet. assign/work.h
// has the state table.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct Assignment {
  enum class State {
    due,         ///< to be sent at next_try
    in_flight,   ///< sent, effect unknown: Apple is asked before it is sent again
    confirming,  ///< Apple answered SUCCESS; its report is read at next_try
    looking,     ///< Apple is asked before it is sent: the profile was lost, or the answer unclear
    parked,      ///< Apple rejects every call with it: sent alone, rarely
  };
  /// The order of work: arrivals first.
  enum class Urgency { arrival = 0, retry = 1, backfill = 2 };

  DeviceId device{};
  Serial serial;  ///< of the device, filled when read
  AccountId account{};
  ProfileUuid profile;
  State state = State::due;
  Urgency urgency = Urgency::arrival;
  int attempts = 0;         ///< consecutive, without progress
  Time next_try{};          ///< earliest time of the next step
  std::string last_answer;  ///< Apple's last answer, or why there was none; "" before the first
  Time created_at{};

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

}  // namespace muster
