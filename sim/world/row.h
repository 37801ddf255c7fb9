// The JSON of one device, as fetch, sync and details show it.
#pragma once

#include <string>

#include "sim/world/account.h"
#include "sim/world/world.h"

namespace muster::sim {

constexpr int kNewestVersion = 10;  ///< of X-Server-Protocol-Version; higher ones are lowered to it

struct RowForm {
  int version = kNewestVersion;
  const Event* event = nullptr;  ///< sync: adds op_type and op_date
  bool sparse_deleted = false;   ///< a deleted row holds serial and operation only
  bool with_status = false;      ///< details: adds response_status SUCCESS
  bool lower_uuids = false;      ///< profile_uuid in lower case, unlike the answer that defined it
};

/// Appends the object. `state` is the device's own, or the event's.
void append_row(std::string& out, const World& world, const Device& device, const DeviceState& state,
                const RowForm& form);

}  // namespace muster::sim
