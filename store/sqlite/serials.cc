#include "store/sqlite/serials.h"

#include <algorithm>

namespace muster::sqlite {
namespace {

// How many serials the small and the middle table hold before they are merged into the next one. Measured with a million
// devices: docs/performance.md.
constexpr std::int64_t kNew = 8'192;
constexpr std::int64_t kRecent = 131'072;
// Reading a serial in the order of the index costs about this part of what looking for one costs.
constexpr long long kReadsALook = 4;

// Whether ids that were given one after another went over a multiple of `step`.
bool crosses(DeviceId first, DeviceId last, std::int64_t step) {
  return (static_cast<std::int64_t>(first) - 1) / step != static_cast<std::int64_t>(last) / step;
}

}  // namespace

std::vector<Serial> Serials::possible(AccountId account, std::span<const Serial> serials) const {
  std::vector<Serial> possible;
  possible.reserve(serials.size());
  std::copy_if(serials.begin(), serials.end(), std::back_inserter(possible),
               [&](const Serial& serial) { return may_have(account, serial); });
  return possible;
}

Result<> Serials::count_missed(Database& database, size_t missed) {
  if (is_complete_ || missed == 0) return {};
  missed_ += static_cast<long long>(missed);
  MUSTER_TRY(const auto stored, database.first("SELECT coalesce(max(id), 0) FROM device",
                                               [](const Row& row) { return row.integer(0); }));
  if (missed_ * kReadsALook < *stored) return {};
  for (const char* table : kSerialTables)
    MUSTER_TRY(database.each_of_built(
        std::string("SELECT owner, number FROM ") + table, {},
        [&](const Row& row) { filter_.add(row.as<AccountId>(0), Serial(row.text(1))); }));
  is_complete_ = true;
  return {};
}

bool Serials::may_have(AccountId account, const Serial& serial) const {
  return !is_complete_ || filter_.may_have(account, serial);
}

Result<> Serials::add(Database& db, std::span<Device* const> devices) {
  if (devices.empty()) return {};
  const Given rows(devices, [this](const Device* device, int column, Column to) {
    switch (column) {
      case 0: return put(to, device->account);
      case 1: return put(to, device->serial);
      case 2: return put(to, device->id);
      case 3: return put(to, may_have(device->account, device->serial));
      default: return;
    }
  });
  // Refused, by NOT NULL, where the serial is in one of the larger tables: looked up only where it may be.
  MUSTER_TRY(
      db.run_over("INSERT INTO serial_new SELECT c0, c1, iif(c3 AND ("
                  "EXISTS (SELECT 1 FROM serial_recent WHERE owner = c0 AND number = c1) OR "
                  "EXISTS (SELECT 1 FROM serial_old WHERE owner = c0 AND number = c1)), NULL, c2) FROM given",
                  rows));
  if (is_complete_)
    for (const Device* device : devices) filter_.add(device->account, device->serial);

  const DeviceId first = devices.front()->id, last = devices.back()->id;
  if (crosses(first, last, kNew)) {
    MUSTER_TRY(db.run(
        "INSERT OR FAIL INTO serial_recent SELECT owner, number, place FROM serial_new ORDER BY owner, number"));
    MUSTER_TRY(db.run("DELETE FROM serial_new"));
  }
  if (crosses(first, last, kRecent)) {
    MUSTER_TRY(db.run(
        "INSERT OR FAIL INTO serial_old SELECT owner, number, place FROM serial_recent ORDER BY owner, number"));
    MUSTER_TRY(db.run("DELETE FROM serial_recent"));
  }
  return {};
}

}  // namespace muster::sqlite
