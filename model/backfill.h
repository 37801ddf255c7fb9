// A pass over all devices of an account that gives each what the rules, as they are now, hold it should have. Rules that
// were changed make it necessary. It is done a piece at a time behind everything more urgent, and goes on after a restart.
#pragma once

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct Backfill {
  /// Stored as numbers: never renumber, only append.
  enum class State { none = 0, running = 1, paused = 2 };
  State state = State::none;
  DeviceId position{};    ///< devices up to this one have been looked at
  long long planned = 0;  ///< devices that were to change when it began
  long long changed = 0;  ///< so far
  Time began{};

  friend bool operator==(const Backfill&, const Backfill&) = default;
};

}  // namespace muster
