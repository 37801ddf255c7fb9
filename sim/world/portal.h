// Actions in Apple's portal: each changes the list and writes the operations that sync will return.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sim/world/settings.h"
#include "sim/world/world.h"

namespace muster::sim {

enum class Arrival {
  added,     ///< a new device: `added`, status empty
  modified,  ///< as after a move from another service: `modified`, status removed, the old profile's UUID and
             ///< times
};

/// What sync tells of a device that leaves its account: `deleted`, the same for a replacement, or nothing.
enum class Leaving { unassigned, replaced, silent };

/// The actions of one moment: all operations of one Portal have the same time.
class Portal {
 public:
  /// `op_date_ms`: what the rows say instead of the present time.
  Portal(World& world, const Settings& settings, long long now_ms, std::optional<long long> op_date_ms = {})
      : world_(world), settings_(settings), now_ms_(now_ms), op_date_ms_(op_date_ms) {}

  /// Puts a device that is nowhere into the account, without an operation: only a fetch shows it.
  /// `assigned_ms` is its date; its place in the list is the last.
  void place(int account, DeviceId id, long long assigned_ms);
  /// A device that is nowhere comes to the account.
  void add(int account, DeviceId id, Arrival arrival);
  /// From its account to another: `deleted` there, an arrival here.
  void move(int account, DeviceId id, Arrival arrival);
  /// Assigned again to the account it is in: `modified`, status removed, its own profile's UUID.
  void reassign(DeviceId id);
  /// Out of its account; it can come back.
  void unassign(DeviceId id, Leaving how = Leaving::unassigned);
  /// Out of its account and of the organisation, for good.
  void release(DeviceId id, bool by_replacement = false);
  /// A `modified` row with nothing changed.
  void touch(DeviceId id);

 private:
  void enter(Account& account, DeviceId id, long long listed_ms);
  void record(Account& account, const Device& device, DeviceId id, Operation operation,
              bool by_replacement = false);

  World& world_;
  const Settings& settings_;
  const long long now_ms_;
  const std::optional<long long> op_date_ms_;
};

/// Writes `modified` for a change of the profile made through the service itself (removed, assigned, pushed).
void record_profile_change(World& world, const Settings& settings, long long now_ms, DeviceId id);

}  // namespace muster::sim
