// A device as Apple's service knows it. A million of them must fit, so what most devices lack is in Extras,
// and what follows from the serial (addresses, IMEI) is not kept at all: 112 bytes and the serial.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::sim {

using DeviceId = uint32_t;   ///< index in World::devices()
using ProfileId = uint32_t;  ///< index in World::profiles(); 0 is no profile

enum class ProfileStatus : uint8_t { empty, assigned, pushed, removed };
constexpr std::string_view kStatusWords[] = {"empty", "assigned", "pushed", "removed"};
inline std::string_view to_word(ProfileStatus status) { return kStatusWords[static_cast<size_t>(status)]; }

enum class Operation : uint8_t { added, modified, deleted };
constexpr std::string_view kOperationWords[] = {"added", "modified", "deleted"};
inline std::string_view to_word(Operation operation) {
  return kOperationWords[static_cast<size_t>(operation)];
}

/// What changes in a device's life. An event keeps a copy, because a sync row shows the device as it was
/// then. Times in milliseconds since 1970; 0 is never.
struct DeviceState {
  ProfileStatus status = ProfileStatus::empty;
  uint16_t assigned_by = 0;  ///< index in World::people()
  ProfileId profile = 0;
  long long assigned_ms = 0;  ///< to the account it is in
  long long profile_assigned_ms = 0;
  long long profile_pushed_ms = 0;
};

struct Extras {
  std::string asset_tag;
  long long migration_deadline_ms = 0;
  std::string replaces;  ///< serial of the unit that this one stands in for
  long long replaced_ms = 0;
  std::string escrow_key, lost_message;  ///< of the lock
  boost::json::object members;           ///< put into every row as they are, over what would be there
  std::vector<std::string> omitted;      ///< keys left out of every row
};

struct Device {
  std::string serial;
  uint16_t kind = 0;  ///< index in kinds()
  bool locked = false;
  bool released = false;        ///< left the organisation for good
  int account = -1;             ///< index in World::accounts(); -1 is none
  uint32_t list_index = 0;      ///< in that account's list
  uint32_t recent_assigns = 0;  ///< within the throttle's cool-down
  DeviceState state;
  long long first_assign_ms = 0;  ///< when the cool-down's count began
  long long throttled_until_ms = 0;
  std::unique_ptr<Extras> extras;

  Extras& need_extras() {
    if (!extras) extras = std::make_unique<Extras>();
    return *extras;
  }
};

}  // namespace muster::sim
