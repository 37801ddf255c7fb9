#include "sync/work/wish.h"

#include <set>

#include "sync/work/desired.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

// The device as stored, or a new one: a person may name a device that no run has shown yet.
Result<std::pair<Device*, bool>> find_or_make(Writer& writer, Changes& changes, AccountId account,
                                              const Serial& serial, Time now) {
  MUSTER_TRY(auto found, writer.devices(account, std::span(&serial, 1)));
  if (!found.empty()) return std::pair(&changes.keep(std::move(found.front())), false);
  Device& device = changes.keep({});
  device.account = account;
  device.serial = serial;
  device.first_seen = now;
  MUSTER_TRY(changes.insert(device));
  return std::pair(&device, true);
}

Result<Wish> wish(Changes& changes, Device& device, bool was_unknown, Desired desired, Time now) {
  Wish wish{.device = device.id,
            .serial = device.serial,
            .was_unknown = was_unknown,
            .desired_before = device.desired,
            .contested_before = device.contested_at,
            .assignment_before = {},
            .desired = desired,
            .created_at = now};
  MUSTER_TRY(const Assignment* const present, changes.assignment(device.id));
  if (present) wish.assignment_before = *present;
  device.desired = std::move(desired);
  device.contested_at.reset();
  changes.update(device);
  return wish;
}

}  // namespace

Result<std::vector<Wish>> wish_profile(Writer& writer, Changes& changes, AccountId account,
                                       const ProfileUuid& profile, std::span<const Serial> serials,
                                       const WishTime& time, Time not_before) {
  const Time now = time.now;
  std::vector<Wish> wishes;
  for (const auto& serial : std::set<Serial>(serials.begin(), serials.end())) {
    MUSTER_TRY(const auto found, find_or_make(writer, changes, account, serial, now));
    const auto [device, was_unknown] = found;
    changes.note(*device, now, Kind::decided, "by hand -> " + profile.str());
    MUSTER_TRY(auto made,
               wish(changes, *device, was_unknown, {Desired::By::person, profile, {}, time.by_apple}, now));
    auto work = work_for(*device, Assignment::State::in_flight, Assignment::Urgency::arrival, now);
    work.next_try = not_before;
    changes.put_assignment(std::move(work));
    wishes.push_back(std::move(made));
  }
  return wishes;
}

Result<std::vector<Wish>> wish_hold(Writer& writer, Changes& changes, AccountId account,
                                    std::span<const Serial> serials, const WishTime& time) {
  MUSTER_TRY(auto devices, writer.devices(account, serials));
  std::vector<Wish> wishes;
  for (auto& found : devices) {
    Device& device = changes.keep(std::move(found));
    changes.note(device, time.now, Kind::held);
    MUSTER_TRY(auto made, wish(changes, device, false, {Desired::By::hold, {}, {}, time.by_apple}, time.now));
    changes.remove_assignment(made.device);
    wishes.push_back(std::move(made));
  }
  return wishes;
}

Result<> take_back(Writer& writer, Changes& changes, const Wish& wish, Time now) {
  MUSTER_TRY(auto found, writer.device(wish.device));
  if (!found || found->desired != wish.desired) return {};
  Device& device = changes.keep(std::move(*found));
  device.desired = wish.desired_before;
  device.contested_at = wish.contested_before;
  changes.update(device);
  changes.note(device, now, Kind::answered, "Apple refused what was asked by hand");
  if (wish.was_unknown) {
    bury(changes, device, Tombstone::Reason::not_accessible, now);
  } else if (wish.assignment_before) {
    changes.put_assignment(*wish.assignment_before);
  } else {
    changes.remove_assignment(wish.device);
  }
  return {};
}

}  // namespace muster::sync
