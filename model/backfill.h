// The reassignment of an account's existing devices after a configuration change. It runs in steps, with the
// lowest urgency, and continues after a restart.
#pragma once

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct Backfill {
  /// Stored as numbers: never renumber, only append.
  enum class State { none = 0, running = 1, paused = 2 };
  State state = State::none;
  DeviceId position{};    ///< devices up to this one are done
  long long planned = 0;  ///< devices to change when it started
  long long changed = 0;  ///< so far
  Time began{};

  friend bool operator==(const Backfill&, const Backfill&) = default;
};

}  // namespace muster
