// Selects the devices of a control call.
#pragma once

#include <vector>

#include "base/result.h"
#include "sim/faults/body.h"
#include "sim/world/world.h"

namespace muster::sim {

/// What a body says of devices: `serials`, or `account` with `count` (the first ones listed; `"last": true`
/// the last ones) or `"all": true`. Read before finish(), resolved after.
struct DeviceChoice {
  std::optional<std::vector<std::string>> serials;
  std::optional<std::string> account;
  std::optional<long long> count;
  bool last = false;
  bool all = false;

  explicit DeviceChoice(ControlBody& body);
  /// The devices, each in an account. Code::not_found for unknown serials, Code::conflict for one that is in
  /// no account or not in the account named, Code::invalid when nothing is chosen or fewer than `count` are
  /// there.
  Result<std::vector<DeviceId>> resolve(World& world) const;
};

}  // namespace muster::sim
