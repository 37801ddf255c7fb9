// What an operator wants for devices, stored before Apple is asked. Whatever happens to the call or to
// Muster, the intent is not lost, and rules do not override what Apple may have done. If Apple rejects the
// request, the intent is reverted.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/assignment.h"
#include "sync/work/updates.h"

namespace muster::sync {

/// The state of one device before the intent.
struct Intent {
  DeviceId device{};
  Serial serial;
  bool was_unknown = false;  ///< Muster did not know the device
  Desired desired_before;
  std::optional<Time> contested_before;
  std::optional<Assignment> assignment_before;
  Desired desired;    ///< what the operator wants
  Time created_at{};  ///< of the new assignment
};

/// When the operator acted, by both clocks. Apple's clock decides whether a device arrived before or after.
struct IntentTime {
  Time now{};
  Time by_apple{};
};

/// Makes `profile` the desired profile of these devices. Their assignments are in_flight and left alone until
/// `not_before`: the caller sends them and calls settle or revert() for each. Duplicate serial numbers count
/// once.
Result<std::vector<Intent>> store_profile_intent(Writer& writer, DeviceUpdates& updates, AccountId account,
                                                 const ProfileUuid& profile, std::span<const Serial> serials,
                                                 const IntentTime& time, Time not_before);

/// Puts these devices on hold, without a profile. Unknown devices are skipped. Duplicate serial numbers count
/// once.
Result<std::vector<Intent>> store_hold_intent(Writer& writer, DeviceUpdates& updates, AccountId account,
                                              std::span<const Serial> serials, const IntentTime& time);

/// The devices of intents, as they are stored by now, by ID. They live as long as the updates.
using IntentDevices = std::unordered_map<DeviceId, Device*>;
/// Loads their assignments, too.
Result<IntentDevices> load_devices(Writer& writer, DeviceUpdates& updates,
                                   const std::vector<Intent>& intents);

/// Apple rejected the request: restores the device's state, unless an operator has changed it in the
/// meantime.
void revert(DeviceUpdates& updates, const IntentDevices& devices, const Intent& intent, Time now);

}  // namespace muster::sync
