#include "sim/world/portal.h"

namespace muster::sim {

void Portal::enter(Account& account, DeviceId id, long long listed_ms) {
  Device& device = world_.device(id);
  device.account = account.index;
  device.list_index = static_cast<uint32_t>(account.list.size());
  account.list.push_back({.device = id, .departure = 0, .listed_ms = listed_ms});
  ++account.device_count;
}

void Portal::record(Account& account, const Device& device, DeviceId id, Operation operation,
                    bool by_replacement) {
  const long long ms = account.next_event_ms(now_ms_);
  const Event event{.ms = ms,
                    .op_date_ms = op_date_ms_.value_or(ms),
                    .device = id,
                    .operation = operation,
                    .by_replacement = by_replacement,
                    .state = device.state};
  if (settings_.throttle_hides && device.throttled_until_ms > now_ms_)
    account.hidden.push_back(event);
  else
    account.append_event(event);
}

void Portal::place(int account_index, DeviceId id, long long assigned_ms) {
  Account& account = world_.account(account_index);
  Device& device = world_.device(id);
  device.state = {};
  device.state.assigned_by = account.admin;
  device.state.assigned_ms = assigned_ms;
  const long long ms = account.next_event_ms(now_ms_);
  enter(account, id, ms);
  account.passed(ms);
}

void Portal::add(int account_index, DeviceId id, Arrival arrival) {
  Account& account = world_.account(account_index);
  Device& device = world_.device(id);
  const long long ms = account.next_event_ms(now_ms_);
  if (arrival == Arrival::added)
    device.state = {};
  else
    device.state.status = ProfileStatus::removed;
  device.state.assigned_by = account.admin;
  // op_date == device_assigned_date tells an assignment from a change of the profile.
  device.state.assigned_ms = op_date_ms_.value_or(ms);
  enter(account, id, ms);
  const int rows = arrival == Arrival::modified ? static_cast<int>(settings_.move_repeat) : 1;
  for (int i = 0; i < rows; ++i)
    record(account, device, id, arrival == Arrival::added ? Operation::added : Operation::modified);
}

void Portal::move(int account_index, DeviceId id, Arrival arrival) {
  unassign(id);
  add(account_index, id, arrival);
}

void Portal::reassign(DeviceId id) {
  Device& device = world_.device(id);
  Account& account = world_.account(device.account);
  device.state.status = ProfileStatus::removed;
  device.state.assigned_by = account.admin;
  device.state.assigned_ms = op_date_ms_.value_or(account.next_event_ms(now_ms_));
  record(account, device, id, Operation::modified);
}

void Portal::unassign(DeviceId id, Leaving how) {
  Device& device = world_.device(id);
  Account& account = world_.account(device.account);
  if (how != Leaving::silent) record(account, device, id, Operation::deleted, how == Leaving::replaced);
  const long long left_ms = account.next_event_ms(now_ms_);
  account.passed(left_ms);
  account.departures.push_back({.ms = left_ms, .state = device.state});
  account.list[device.list_index].departure = static_cast<uint32_t>(account.departures.size());
  --account.device_count;
  device.account = -1;
}

void Portal::release(DeviceId id, bool by_replacement) {
  Device& device = world_.device(id);
  if (device.account != -1) unassign(id, by_replacement ? Leaving::replaced : Leaving::unassigned);
  device.released = true;
}

void Portal::touch(DeviceId id) {
  const Device& device = world_.device(id);
  record(world_.account(device.account), device, id, Operation::modified);
}

void record_profile_change(World& world, const Settings& settings, long long now_ms, DeviceId id) {
  Portal(world, settings, now_ms).touch(id);
}

}  // namespace muster::sim
