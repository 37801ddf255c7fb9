#include "sync/work/intent.h"

#include "sync/work/desired.h"
#include "sync/work/parts.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

using BySerial = std::unordered_map<Serial, Device*>;

// The account's devices with these serials, and their assignments.
Result<BySerial> load(Writer& writer, DeviceUpdates& updates, AccountId account,
                      std::span<const Serial> serials) {
  MUSTER_TRY(auto found, writer.devices(account, serials));
  BySerial devices;
  std::vector<DeviceId> ids;
  for (auto& device : found) {
    Device& kept = updates.keep(std::move(device));
    ids.push_back(kept.id);
    devices.emplace(kept.serial, &kept);
  }
  MUSTER_TRY(updates.load_assignments(ids));
  return devices;
}

// The device as stored, or a new one: an operator may name a device that no run has shown yet.
Result<std::pair<Device*, bool>> find_or_make(const BySerial& stored, DeviceUpdates& updates,
                                              AccountId account, const Serial& serial, Time now) {
  if (const auto found = stored.find(serial); found != stored.end()) return std::pair(found->second, false);
  Device& device = updates.keep({});
  device.account = account;
  device.serial = serial;
  device.first_seen = now;
  MUSTER_TRY(updates.insert(device));
  return std::pair(&device, true);
}

Result<Intent> make_intent(DeviceUpdates& updates, Device& device, bool was_unknown, Desired desired,
                           Time now) {
  Intent intent{.device = device.id,
                .serial = device.serial,
                .was_unknown = was_unknown,
                .desired_before = device.desired,
                .contested_before = device.contested_at,
                .assignment_before = {},
                .desired = desired,
                .created_at = now};
  MUSTER_TRY(const Assignment* const present, updates.assignment(device.id));
  if (present) intent.assignment_before = *present;
  device.desired = std::move(desired);
  device.contested_at.reset();
  updates.update(device);
  return intent;
}

}  // namespace

Result<std::vector<Intent>> store_profile_intent(Writer& writer, DeviceUpdates& updates, AccountId account,
                                                 const ProfileUuid& profile, std::span<const Serial> serials,
                                                 const IntentTime& time, Time not_before) {
  const Time now = time.now;
  const auto named = distinct(serials);
  MUSTER_TRY(const auto stored, load(writer, updates, account, named));
  std::vector<Intent> intents;
  for (const auto& serial : named) {
    MUSTER_TRY(const auto found, find_or_make(stored, updates, account, serial, now));
    const auto [device, was_unknown] = found;
    updates.note(*device, now, Kind::decided, "manual assignment -> " + profile.str());
    MUSTER_TRY(auto made, make_intent(updates, *device, was_unknown,
                                      {Desired::By::manual, profile, {}, time.by_apple}, now));
    auto work = work_for(*device, Assignment::State::in_flight, Assignment::Urgency::arrival, now);
    work.next_try = not_before;
    updates.put_assignment(std::move(work));
    intents.push_back(std::move(made));
  }
  return intents;
}

Result<std::vector<Intent>> store_hold_intent(Writer& writer, DeviceUpdates& updates, AccountId account,
                                              std::span<const Serial> serials, const IntentTime& time) {
  const auto named = distinct(serials);
  MUSTER_TRY(const auto stored, load(writer, updates, account, named));
  std::vector<Intent> intents;
  for (const auto& serial : named) {
    const auto found = stored.find(serial);
    if (found == stored.end()) continue;
    Device& device = *found->second;
    updates.note(device, time.now, Kind::held);
    MUSTER_TRY(auto made,
               make_intent(updates, device, false, {Desired::By::hold, {}, {}, time.by_apple}, time.now));
    updates.remove_assignment(made.device);
    intents.push_back(std::move(made));
  }
  return intents;
}

Result<IntentDevices> load_devices(Writer& writer, DeviceUpdates& updates,
                                   const std::vector<Intent>& intents) {
  std::vector<DeviceId> ids;
  for (const auto& intent : intents) ids.push_back(intent.device);
  MUSTER_TRY(auto found, writer.devices(ids));
  MUSTER_TRY(updates.load_assignments(ids));
  IntentDevices devices;
  for (auto& device : found) {
    Device& kept = updates.keep(std::move(device));
    devices.emplace(kept.id, &kept);
  }
  return devices;
}

void revert(DeviceUpdates& updates, const IntentDevices& devices, const Intent& intent, Time now) {
  const auto found = devices.find(intent.device);
  if (found == devices.end() || found->second->desired != intent.desired) return;
  Device& device = *found->second;
  device.desired = intent.desired_before;
  device.contested_at = intent.contested_before;
  updates.update(device);
  updates.note(device, now, Kind::answered, "Apple rejected the manual request");
  if (intent.was_unknown) {
    bury(updates, device, Tombstone::Reason::not_accessible, now);
  } else if (intent.assignment_before) {
    updates.put_assignment(*intent.assignment_before);
  } else {
    updates.remove_assignment(intent.device);
  }
}

}  // namespace muster::sync
