// The four lanes of an account: parts of its work at Apple that run, wait and fail independently.
#pragma once

#include <array>
#include <string>

#include "base/time/clock.h"
#include "model/health.h"

namespace muster {

/// Stored as numbers: never renumber, only append.
enum class Lane {
  changes = 0,     ///< POST /devices/sync: the list of changes
  full_list = 1,   ///< POST /server/devices: the full list
  questions = 2,   ///< POST /devices: single devices
  assignment = 3,  ///< PUT /profile/devices
};

inline constexpr std::array kLanes = {Lane::changes, Lane::full_list, Lane::questions, Lane::assignment};

/// Why a lane fails, and when it tries again.
struct LaneTrouble {
  /// The state of the account if every lane failed like this one.
  Health::State state = Health::State::unreachable;
  Time since{};         ///< of the first consecutive failure
  int failures = 0;     ///< consecutive
  Time retry_at{};      ///< no attempt before this, except on an operator's request
  std::string word;     ///< Apple's error code; "" if there was none
  std::string message;  ///< the problem
  std::string remedy;   ///< what an operator must do; "" for nothing

  friend bool operator==(const LaneTrouble&, const LaneTrouble&) = default;
};

}  // namespace muster
