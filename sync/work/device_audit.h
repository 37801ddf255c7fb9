// What the audit says of devices that an operator names.
#pragma once

#include <span>
#include <string>

#include "model/audit.h"
#include "model/ids.h"

namespace muster::sync {

/// `action` with these serial numbers, a thousand of them at most, and how many they are; and the profile and
/// the message, if there are any.
AuditChange device_change(const char* action, std::span<const Serial> serials,
                          const ProfileUuid& profile = {}, const std::string& message = {});

}  // namespace muster::sync
