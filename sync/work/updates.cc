#include "sync/work/updates.h"

#include <algorithm>

namespace muster::sync {

Device& DeviceUpdates::keep(Device device) { return kept_.emplace_back(std::move(device)); }

Result<> DeviceUpdates::insert(Device& device) {
  MUSTER_TRY(device.id, writer_.next_device_id());
  if (first_new_ == DeviceId{}) first_new_ = device.id;
  inserted_.push_back(&device);
  return {};
}

void DeviceUpdates::update(const Device& device) {
  if (is_new(device.id) || (!updated_.empty() && updated_.back() == &device)) return;
  updated_.push_back(&device);
}

void DeviceUpdates::note(AccountId account, DeviceId device, Time now, HistoryEntry::Kind kind,
                         std::string detail) {
  history_[account].push_back({device, now, kind, std::move(detail)});
}

Result<long long> DeviceUpdates::history_count(const Device& device, HistoryEntry::Kind kind, Time since) {
  MUSTER_TRY(const auto stored, writer_.history_count(device.id, kind, since));
  const auto& history = history_[device.account];
  const auto noted = std::count_if(history.begin(), history.end(), [&](const HistoryEntry& entry) {
    return entry.device == device.id && entry.kind == kind && entry.at >= since;
  });
  return stored + noted;
}

Result<> DeviceUpdates::load_assignments(std::span<const DeviceId> devices) {
  MUSTER_TRY(auto found, writer_.assignments(devices));
  for (const DeviceId id : devices) work_.try_emplace(id);
  for (auto& assignment : found) {
    Work& work = work_[assignment.device];
    if (!work.is_changed) work.assignment = std::move(assignment);
  }
  return {};
}

Result<const Assignment*> DeviceUpdates::assignment(DeviceId device) {
  auto known = work_.find(device);
  if (known == work_.end()) {
    if (is_new(device)) return nullptr;
    MUSTER_TRY(load_assignments(std::span(&device, 1)));
    known = work_.find(device);
  }
  const auto& assignment = known->second.assignment;
  return assignment ? &*assignment : nullptr;
}

void DeviceUpdates::put_assignment(Assignment assignment) {
  const DeviceId device = assignment.device;
  work_[device] = {std::move(assignment), true};
  puts_assignments_ = true;
}

void DeviceUpdates::remove_assignment(DeviceId device) {
  if (const auto known = work_.find(device);
      known == work_.end() ? is_new(device) : !known->second.assignment)
    return;
  work_[device] = {std::nullopt, true};
}

void DeviceUpdates::complete_assignment(const Device& device, const Assignment& assignment, Time now) {
  confirmed_[device.desired.profile].add(device.serial);
  if (device.arrived_at == assignment.created_at) assigned_after_.push_back(now - assignment.created_at);
  remove_assignment(device.id);
}

Result<> DeviceUpdates::write() {
  MUSTER_TRY(write_devices());
  MUSTER_TRY(write_assignments());
  for (const auto& [account, entries] : history_) MUSTER_TRY(writer_.add_histories(account, entries));
  return count_days();
}

// Of an account that is one row, as its entries are of one moment.
Result<> DeviceUpdates::count_days() {
  for (const auto& [account, entries] : history_) {
    std::map<Time, DayCounts> days;
    for (const auto& entry : entries) {
      if (entry.kind == HistoryEntry::Kind::arrived) ++days[beginning_of_day(entry.at)].arrived;
      if (entry.kind == HistoryEntry::Kind::confirmed) ++days[beginning_of_day(entry.at)].assigned;
    }
    for (const auto& [day, counts] : days) MUSTER_TRY(writer_.add_to_day(account, day, counts));
  }
  return {};
}

Result<> DeviceUpdates::write_devices() {
  if (!inserted_.empty()) MUSTER_TRY(writer_.insert_devices(inserted_));
  if (!updated_.empty()) MUSTER_TRY(writer_.update_devices(updated_));
  return {};
}

Result<> DeviceUpdates::write_assignments() {
  // In the order of the table: neighbours change the same pages.
  std::vector<DeviceId> changed;
  for (const auto& [device, work] : work_)
    if (work.is_changed) changed.push_back(device);
  std::sort(changed.begin(), changed.end());
  std::vector<Assignment> put;
  std::vector<DeviceId> removed;
  for (const DeviceId device : changed) {
    auto& assignment = work_[device].assignment;
    if (assignment)
      put.push_back(std::move(*assignment));
    else
      removed.push_back(device);
  }
  if (!put.empty()) MUSTER_TRY(writer_.put_assignments(put));
  if (!removed.empty()) MUSTER_TRY(writer_.remove_assignments(removed));
  return {};
}

}  // namespace muster::sync
