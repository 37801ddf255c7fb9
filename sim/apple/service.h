// Everything that is simulated, as one value behind one lock (simulator.h).
#pragma once

#include "sim/faults/calls.h"
#include "sim/faults/faults.h"
#include "sim/session/session.h"
#include "sim/world/settings.h"
#include "sim/world/sim_clock.h"
#include "sim/world/world.h"

namespace muster::sim {

struct Service {
  explicit Service(uint64_t seed) : world(seed) {}

  Settings settings;
  SimClock clock;
  /// How far the clock for OAuth timestamps and Date headers is ahead of the machine's. It is apart from
  /// `clock`: moving that one by days must not make every client's signature stale. By the switch
  /// auth_follows_clock it is ahead of `clock`, for clients whose own clock is moved along.
  long long auth_skew_ms = 0;
  World world;
  SessionTable sessions;
  FaultList faults;
  CallBook calls;

  long long auth_now_ms() const {
    return (settings.auth_follows_clock ? clock.now_ms() : SimClock::real_ms()) + auth_skew_ms;
  }
};

}  // namespace muster::sim
