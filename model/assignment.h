// An assignment: desired differs from observed. One row of durable work a device.
//
// looking --> due when Apple shows the device without the profile.
//
//   due --sent--> in_flight --SUCCESS--> confirming --read back--> done (the row goes)
//    ^              |  no answer: read back first      | not there
//    +---FAILED, ...+----------------------------------+
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "model/ids.h"

namespace muster {

struct Assignment {
  enum class State {
    due,  ///< to be sent at next_try
    in_flight,  ///< sent, the answer is not stored: after a crash or a time-out Apple is asked before it is sent again
    confirming,  ///< Apple said SUCCESS; read back at next_try
    looking,  ///< not sent before Apple was asked how the device is: it lost its profile, or was NOT_ACCESSIBLE
  };
  /// The order of work: who just arrived goes first.
  enum class Urgency { arrival = 0, retry = 1, backfill = 2 };

  DeviceId device{};
  Serial serial;  ///< of the device, filled when read
  AccountId account{};
  ProfileUuid profile;
  State state = State::due;
  Urgency urgency = Urgency::arrival;
  int attempts = 0;         ///< answers other than SUCCESS, and SUCCESSes that were not confirmed
  Time next_try{};          ///< not before this
  std::string last_answer;  ///< Apple's last word for it, or why there was none; "" before the first try
  Time created_at{};

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

}  // namespace muster
