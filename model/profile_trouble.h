// A profile that Apple does not know: nothing is sent for it until retry_at, however many devices wait for
// it.
#pragma once

#include <string>

#include "base/time/clock.h"

namespace muster {

struct ProfileTrouble {
  std::string word;  ///< Apple's; "" as long as it was not asked
  Time since{};
  int failures = 0;  ///< in a row
  Time retry_at{};

  friend bool operator==(const ProfileTrouble&, const ProfileTrouble&) = default;
};

}  // namespace muster
