// What is asked for one device is what is asked for many.
#include "store/store.h"

namespace muster {
namespace {

template <class T>
Result<std::optional<T>> the_only(Result<std::vector<T>> found) {
  if (!found) return failure(std::move(found).error());
  if (found->empty()) return std::optional<T>();
  return std::optional<T>(std::move(found->front()));
}

}  // namespace

Result<std::optional<Device>> DeviceReads::device(DeviceId id) {
  return the_only(devices(std::span(&id, 1)));
}

Result<std::optional<Assignment>> WorkReads::assignment(DeviceId device) {
  return the_only(assignments(std::span(&device, 1)));
}

Result<> DeviceWrites::insert_device(Device& device) {
  MUSTER_TRY(device.id, next_device_id());
  Device* const only = &device;
  auto stored = insert_devices(std::span(&only, 1));
  if (!stored) device.id = {};
  return stored;
}

Result<> DeviceWrites::update_device(const Device& device) {
  const Device* const only = &device;
  return update_devices(std::span(&only, 1));
}

Result<> DeviceWrites::add_history(AccountId account, const HistoryEntry& entry) {
  return add_histories(account, std::span(&entry, 1));
}

Result<> WorkWrites::put_assignment(const Assignment& assignment) {
  return put_assignments(std::span(&assignment, 1));
}

Result<> WorkWrites::remove_assignment(DeviceId device) { return remove_assignments(std::span(&device, 1)); }

}  // namespace muster
