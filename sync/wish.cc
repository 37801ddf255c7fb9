#include "sync/wish.h"

#include "sync/desired.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

// The device as stored, or a new one: a person may name a device that no run has shown yet.
Result<std::pair<Device, bool>> find_or_make(Writer& writer, AccountId account, const Serial& serial,
                                             Time now) {
  MUSTER_TRY(auto found, writer.devices(account, std::span(&serial, 1)));
  if (!found.empty()) return std::pair(std::move(found.front()), false);
  Device device;
  device.account = account;
  device.serial = serial;
  device.first_seen = now;
  MUSTER_TRY(writer.insert_device(device));
  return std::pair(std::move(device), true);
}

Result<Wish> wish(Writer& writer, Device device, bool was_unknown, Desired desired) {
  Wish wish{.device = device.id,
            .serial = device.serial,
            .was_unknown = was_unknown,
            .desired_before = device.desired,
            .contested_before = device.contested_at,
            .assignment_before = {},
            .desired = desired};
  MUSTER_TRY(wish.assignment_before, writer.assignment(device.id));
  device.desired = std::move(desired);
  device.contested_at.reset();
  MUSTER_TRY(writer.update_device(device));
  return wish;
}

}  // namespace

Result<std::vector<Wish>> wish_profile(Writer& writer, AccountId account, const ProfileUuid& profile,
                                       std::span<const Serial> serials, Time now, Time not_before) {
  std::vector<Wish> wishes;
  for (const auto& serial : serials) {
    MUSTER_TRY(auto found, find_or_make(writer, account, serial, now));
    auto& [device, was_unknown] = found;
    MUSTER_TRY(note(writer, device, now, Kind::decided, "by hand -> " + profile.str()));
    MUSTER_TRY(auto made,
               wish(writer, std::move(device), was_unknown, {Desired::By::person, profile, {}, now}));
    MUSTER_TRY(writer.put_assignment({.device = made.device,
                                      .serial = serial,
                                      .account = account,
                                      .profile = profile,
                                      .state = Assignment::State::in_flight,
                                      .urgency = Assignment::Urgency::arrival,
                                      .attempts = 0,
                                      .next_try = not_before,
                                      .last_answer = {},
                                      .created_at = now}));
    wishes.push_back(std::move(made));
  }
  return wishes;
}

Result<std::vector<Wish>> wish_hold(Writer& writer, AccountId account, std::span<const Serial> serials,
                                    Time now) {
  MUSTER_TRY(auto devices, writer.devices(account, serials));
  std::vector<Wish> wishes;
  for (auto& device : devices) {
    MUSTER_TRY(note(writer, device, now, Kind::held));
    MUSTER_TRY(auto made, wish(writer, std::move(device), false, {Desired::By::hold, {}, {}, now}));
    MUSTER_TRY(writer.remove_assignment(made.device));
    wishes.push_back(std::move(made));
  }
  return wishes;
}

Result<> take_back(Writer& writer, const Wish& wish, Time now) {
  MUSTER_TRY(auto device, writer.device(wish.device));
  if (!device || device->desired != wish.desired) return {};
  device->desired = wish.desired_before;
  device->contested_at = wish.contested_before;
  MUSTER_TRY(note(writer, *device, now, Kind::answered, "Apple refused what was asked by hand"));
  if (wish.was_unknown) {
    MUSTER_TRY(bury(writer, *device, Tombstone::Reason::not_accessible, now));
  } else if (wish.assignment_before) {
    MUSTER_TRY(writer.put_assignment(*wish.assignment_before));
  } else {
    MUSTER_TRY(writer.remove_assignment(wish.device));
  }
  return writer.update_device(*device);
}

}  // namespace muster::sync
