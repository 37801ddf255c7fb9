// The code that opens a device which Muster had Apple lock (Activation Lock), and what Apple said of the
// lock. A device has one code: a later lock uses it again, as only Apple knows whether the device is locked
// still.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct DeviceLock {
  /// Whether the code opens the device's lock. `unknown`: an answer is missing, and the lock may be ours.
  enum class Opens { no, unknown, yes };

  AccountId account{};
  Serial serial;
  std::string code = {};  ///< a secret: apple::BypassCode::text()
  Time made_at{};
  std::string made_by = {};  ///< name of the API key
  long long unanswered = 0;  ///< calls with this code that may have locked the device, and nobody knows
  std::string word = {};     ///< Apple's last answer; "" for none
  std::optional<Time> answered_at = {};  ///< when it came
  std::optional<Time> locked_at = {};  ///< when Apple last said that it has locked the device with this code

  Opens opens() const {
    if (locked_at) return Opens::yes;
    return unanswered > 0 ? Opens::unknown : Opens::no;
  }

  friend bool operator==(const DeviceLock&, const DeviceLock&) = default;
};

}  // namespace muster
