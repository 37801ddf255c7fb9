// What is stored of devices, and their histories.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "filter/filter.h"
#include "model/device.h"
#include "model/history.h"

namespace muster {

/// What people look at first. Tombstones count nowhere.
struct DeviceCounts {
  long long devices = 0;
  long long uncovered = 0;  ///< arrived, and no rule covered them
  long long contested = 0;
};

/// A device as MicroMDM lists it.
struct ListedDevice {
  Serial serial;
  std::string profile_status;
};

/// Which history is old.
struct HistoryCutoff {
  Time before{};
  Time now{};  ///< later dates are wrong ones
};

/// What became of old history.
struct ThinnedHistory {
  long long removed = 0;
  bool is_more = false;  ///< not all of it was looked at
};

class DeviceReads {
 public:
  virtual ~DeviceReads() = default;

  /// The devices with these serials, tombstones too, in no order; unknown serials are left out.
  virtual Result<std::vector<Device>> devices(AccountId account, std::span<const Serial> serials) = 0;
  /// The devices with these ids, likewise.
  virtual Result<std::vector<Device>> devices(std::span<const DeviceId> ids) = 0;
  Result<std::optional<Device>> device(DeviceId id);
  /// Up to `limit` devices in order of serial, from behind `after` ("" begins), without tombstones; only
  /// those that the filter covers, if there is one.
  virtual Result<std::vector<Device>> device_page(AccountId account, const Serial& after, size_t limit,
                                                  const FilterExpression* filter = nullptr) = 0;
  /// What MicroMDM's list of devices shows of them: as device_page().
  virtual Result<std::vector<ListedDevice>> listed_page(AccountId account, const Serial& after,
                                                        size_t limit) = 0;
  /// The serial number of the `count`th device, from 1, behind `after`, without tombstones; none where fewer
  /// follow. Costs what it passes in the index of serial numbers.
  virtual Result<std::optional<Serial>> serial_behind(AccountId account, const Serial& after,
                                                      long long count) = 0;
  /// The same of those that DeviceCounts counts as uncovered. Costs what there are of them, not what there
  /// are of devices.
  virtual Result<std::vector<Device>> uncovered_page(AccountId account, const Serial& after, size_t limit,
                                                     const FilterExpression* filter = nullptr) = 0;
  /// How many devices the filter covers, without tombstones.
  virtual Result<long long> device_count(AccountId account, const FilterExpression& filter) = 0;
  virtual Result<DeviceCounts> device_counts(AccountId account) = 0;
  /// How many devices that are no tombstones have each profile, as Apple says; those that none has are left
  /// out.
  virtual Result<std::map<ProfileUuid, long long>> devices_by_profile(AccountId account) = 0;
  /// The ids of all devices that are no tombstones.
  virtual Result<std::vector<DeviceId>> device_ids(AccountId account) = 0;
  /// The lowest ids of the devices of a removed account, tombstones too, in ascending order, `limit` at most;
  /// empty for any other account.
  virtual Result<std::vector<DeviceId>> devices_to_erase(AccountId account, size_t limit) = 0;
  /// How often `kind`, which is not baseline, is in a device's history since `since`.
  virtual Result<long long> history_count(DeviceId device, HistoryEntry::Kind kind, Time since) = 0;
  /// A device's history, oldest first.
  virtual Result<std::vector<HistoryEntry>> history(DeviceId device) = 0;
  /// Whether thin_history() would look at any.
  virtual Result<bool> has_history_to_thin(const HistoryCutoff& cutoff) = 0;
};

class DeviceWrites {
 public:
  virtual ~DeviceWrites() = default;

  /// An id for one new device, higher than those that its account has, and than those given before in this
  /// transaction. Ids may have gaps.
  virtual Result<DeviceId> next_device_id() = 0;
  /// Stores devices that are new, with ids from next_device_id(), in ascending order. Fails when an account
  /// has one of the serials already.
  virtual Result<> insert_devices(std::span<Device* const> devices) = 0;
  /// All but account, serial, id, first_seen and baseline.
  virtual Result<> update_devices(std::span<const Device* const> devices) = 0;
  /// Of devices of one account. Not Kind::baseline, which follows from Device::baseline. Adds an entry to the
  /// feed that refers to them (FeedType::devices).
  virtual Result<> add_histories(AccountId account, std::span<const HistoryEntry> entries) = 0;
  /// Looks at up to `limit` entries of all accounts, in the order in which they were added and each once, as
  /// far as they happened before the cutoff, and removes what came before them of the same device and kind.
  /// So of each kind the last entry before the cutoff stays, and with it what explains how the device stood
  /// at any time since.
  virtual Result<ThinnedHistory> thin_history(const HistoryCutoff& cutoff, size_t limit) = 0;
  /// The same for one. insert_device() sets the id.
  Result<> insert_device(Device& device);
  Result<> update_device(const Device& device);
  Result<> add_history(AccountId account, const HistoryEntry& entry);
  /// Deletes devices with their history and assignments.
  virtual Result<> erase_devices(std::span<const DeviceId> devices) = 0;
};

}  // namespace muster
