// What one transaction does to devices: gathered while it is decided, written table by table at the end. A page of a
// thousand devices is a few statements that way, not some thousand.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/store.h"

namespace muster::sync {

class Changes {
 public:
  explicit Changes(Writer& writer) : writer_(writer) {}
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  /// Takes a device over, so that it lives until it is written.
  Device& keep(Device device);

  /// A new device: gets its id at once. Here and in update(), what the device is when the changes are written counts; it
  /// must live until then.
  Result<> insert(Device& device);
  void update(const Device& device);

  /// Adds one line to the device's history.
  void note(AccountId account, DeviceId device, Time now, HistoryEntry::Kind kind, std::string detail = {});
  void note(const Device& device, Time now, HistoryEntry::Kind kind, std::string detail = {}) {
    note(device.account, device.id, now, kind, std::move(detail));
  }
  /// How often `kind` is in its history since `since`, what was noted here included.
  Result<long long> history_count(const Device& device, HistoryEntry::Kind kind, Time since);

  /// Reads the assignments of these devices at once, for assignment().
  Result<> load_assignments(std::span<const DeviceId> devices);
  /// The device's assignment, as the changes so far leave it; null when it has none. Valid until the next change of it.
  Result<const Assignment*> assignment(DeviceId device);
  void put_assignment(Assignment assignment);
  void remove_assignment(DeviceId device);

  /// Whether assignments are among the changes.
  bool puts_assignments() const { return puts_assignments_; }

  /// Writes all of it. Nothing may be changed afterwards.
  Result<> write();

 private:
  struct Work {
    std::optional<Assignment> assignment;
    bool is_changed = false;
  };
  bool is_new(DeviceId device) const { return first_new_ != DeviceId{} && device >= first_new_; }
  Result<> write_devices();
  Result<> write_assignments();

  Writer& writer_;
  std::deque<Device> kept_;
  std::vector<Device*> inserted_;
  std::vector<const Device*> updated_;
  DeviceId first_new_{}, next_new_{};
  std::map<AccountId, std::vector<HistoryEntry>> history_;
  std::unordered_map<DeviceId, Work> work_;
  bool puts_assignments_ = false;
};

/// Calls fn(Writer&, Changes&), which gives a Result<T>, in one transaction, and writes the changes.
template <class Fn>
auto change(Store& store, Fn&& fn) -> std::invoke_result_t<Fn, Writer&, Changes&> {
  return store.write([&](Writer& writer) -> std::invoke_result_t<Fn, Writer&, Changes&> {
    Changes changes(writer);
    auto result = fn(writer, changes);
    if (result) MUSTER_TRY(changes.write());
    return result;
  });
}

}  // namespace muster::sync
