// The four lanes of an account: work at Apple that goes on, waits and fails independently of the other lanes.
#pragma once

#include <array>
#include <string>

#include "base/time/clock.h"
#include "model/health.h"

namespace muster {

/// Stored as numbers: never renumber, only append.
enum class Lane {
  changes = 0,     ///< POST /devices/sync: what changed
  full_list = 1,   ///< POST /server/devices: the full list
  questions = 2,   ///< POST /devices: how single devices are
  assignment = 3,  ///< PUT /profile/devices
};

inline constexpr std::array kLanes = {Lane::changes, Lane::full_list, Lane::questions, Lane::assignment};

/// Why a lane does not get on, and when it tries again.
struct LaneTrouble {
  /// How the account would stand with Apple if every lane failed like this one.
  Health::State state = Health::State::unreachable;
  Time since{};         ///< of the first failure in a row
  int failures = 0;     ///< in a row
  Time retry_at{};      ///< no attempt before this, unless an operator asks
  std::string word;     ///< Apple's; "" when there was none
  std::string message;  ///< what is wrong
  std::string remedy;   ///< what an operator must do; "" when nothing

  friend bool operator==(const LaneTrouble&, const LaneTrouble&) = default;
};

}  // namespace muster
