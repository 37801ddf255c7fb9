// The updates that one transaction makes to devices. They are collected while decisions are made, and written
// table by table at the end: a page of a thousand devices takes a few statements instead of thousands.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/store.h"
#include "sync/accounts/feed.h"

namespace muster::sync {

class DeviceUpdates {
 public:
  explicit DeviceUpdates(Writer& writer) : writer_(writer) {}
  DeviceUpdates(const DeviceUpdates&) = delete;
  DeviceUpdates& operator=(const DeviceUpdates&) = delete;

  /// Stores a copy of the device that lives until write().
  Device& keep(Device device);

  /// Adds a new device; it gets its ID at once. Here and in update(), the device's state at the time of
  /// write() is stored. It must live until then.
  Result<> insert(Device& device);
  void update(const Device& device);

  /// Adds an entry to the device's history.
  void note(AccountId account, DeviceId device, Time now, HistoryEntry::Kind kind, std::string detail = {});
  void note(const Device& device, Time now, HistoryEntry::Kind kind, std::string detail = {}) {
    note(device.account, device.id, now, kind, std::move(detail));
  }
  /// How many entries of `kind` the device's history has since `since`, including those added here.
  Result<long long> history_count(const Device& device, HistoryEntry::Kind kind, Time since);

  /// Loads the assignments of these devices at once, for assignment().
  Result<> load_assignments(std::span<const DeviceId> devices);
  /// The device's assignment, including updates so far; null if it has none. Valid until its next update.
  Result<const Assignment*> assignment(DeviceId device);
  void put_assignment(Assignment assignment);
  void remove_assignment(DeviceId device);
  /// Apple reports the profile that the device should have: removes the assignment.
  void complete_assignment(const Device& device, const Assignment& assignment, Time now);
  /// The devices of complete_assignment(), by profile.
  const std::map<ProfileUuid, DeviceSample>& confirmed() const { return confirmed_; }
  /// How long each of the devices that arrived, and got their profile by complete_assignment(), waited for
  /// it.
  const std::vector<Millis>& assigned_after() const { return assigned_after_; }

  /// Whether the updates include new assignments.
  bool puts_assignments() const { return puts_assignments_; }

  /// Writes all updates. Call once, last.
  Result<> write();

 private:
  struct Work {
    std::optional<Assignment> assignment;
    bool is_changed = false;
  };
  bool is_new(DeviceId device) const { return first_new_ != DeviceId{} && device >= first_new_; }
  Result<> write_devices();
  Result<> write_assignments();
  Result<> count_days();

  Writer& writer_;
  std::deque<Device> kept_;
  std::vector<Device*> inserted_;
  std::vector<const Device*> updated_;
  DeviceId first_new_{};
  std::map<AccountId, std::vector<HistoryEntry>> history_;
  std::unordered_map<DeviceId, Work> work_;
  bool puts_assignments_ = false;
  std::map<ProfileUuid, DeviceSample> confirmed_;
  std::vector<Millis> assigned_after_;
};

/// Calls fn(Writer&, DeviceUpdates&), which returns a Result<T>, in one transaction, and writes the updates.
/// Like each function of a write, it may run more than once.
template <class Fn>
auto update_devices(Store& store, WriteScope scope, Fn&& fn)
    -> std::invoke_result_t<Fn, Writer&, DeviceUpdates&> {
  return store.write(scope, [&](Writer& writer) -> std::invoke_result_t<Fn, Writer&, DeviceUpdates&> {
    DeviceUpdates updates(writer);
    auto result = fn(writer, updates);
    if (result) MUSTER_TRY(updates.write());
    return result;
  });
}
/// The same with fn(Writer&, DeviceUpdates&, Input), which may use its input up.
template <class Input, class Fn>
auto update_devices(Store& store, WriteScope scope, Input input, Fn&& fn)
    -> std::invoke_result_t<Fn, Writer&, DeviceUpdates&, Input> {
  using Given = std::invoke_result_t<Fn, Writer&, DeviceUpdates&, Input>;
  return store.write(scope, std::move(input), [&](Writer& writer, Input own) -> Given {
    DeviceUpdates updates(writer);
    auto result = fn(writer, updates, std::move(own));
    if (result) MUSTER_TRY(updates.write());
    return result;
  });
}

}  // namespace muster::sync
