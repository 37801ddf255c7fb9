#include "sync/work/intent.h"

#include "sync/work/desired.h"
#include "sync/work/parts.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

// The device as stored, or a new one: an operator may name a device that no run has shown yet.
Result<std::pair<Device*, bool>> find_or_make(Writer& writer, DeviceUpdates& updates, AccountId account,
                                              const Serial& serial, Time now) {
  MUSTER_TRY(auto found, writer.devices(account, std::span(&serial, 1)));
  if (!found.empty()) return std::pair(&updates.keep(std::move(found.front())), false);
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
  std::vector<Intent> intents;
  for (const auto& serial : distinct(serials)) {
    MUSTER_TRY(const auto found, find_or_make(writer, updates, account, serial, now));
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
  MUSTER_TRY(auto devices, writer.devices(account, distinct(serials)));
  std::vector<Intent> intents;
  for (auto& found : devices) {
    Device& device = updates.keep(std::move(found));
    updates.note(device, time.now, Kind::held);
    MUSTER_TRY(auto made,
               make_intent(updates, device, false, {Desired::By::hold, {}, {}, time.by_apple}, time.now));
    updates.remove_assignment(made.device);
    intents.push_back(std::move(made));
  }
  return intents;
}

Result<> revert(Writer& writer, DeviceUpdates& updates, const Intent& intent, Time now) {
  MUSTER_TRY(auto found, writer.device(intent.device));
  if (!found || found->desired != intent.desired) return {};
  Device& device = updates.keep(std::move(*found));
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
  return {};
}

}  // namespace muster::sync
