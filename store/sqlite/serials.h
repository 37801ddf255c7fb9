// Which device has which serial: the index that keeps each serial once in an account.
//
// Serials come in no order: put into one large index a page of 1,000 devices would change nearly as many of its pages. So
// they go into a small table, from there in their order into a middle one, and from there into the large one. Each is in
// one of the three.
#pragma once

#include <span>
#include <vector>

#include "model/device.h"
#include "store/sqlite/database.h"
#include "store/sqlite/serial_filter.h"

namespace muster::sqlite {

inline constexpr const char* kSerialTables[] = {"serial_new", "serial_recent", "serial_old"};

/// The id of the device with this serial, or NULL. Both are SQL: of the account and of the serial.
#define DEVICE_OF(account, serial)                                                        \
  "coalesce((SELECT place FROM serial_new WHERE owner = " account " AND number = " serial \
  "), (SELECT place FROM serial_recent WHERE owner = " account " AND number = " serial    \
  "), (SELECT place FROM serial_old WHERE owner = " account " AND number = " serial "))"

/// The writer's side of the index.
class Serials {
 public:
  /// Those of the serials that may be stored.
  std::vector<Serial> possible(AccountId account, std::span<const Serial> serials) const;

  /// Tells of serials that were looked for in vain. When there were many, all that are stored are read once, and
  /// possible() leaves most of those out that are not.
  Result<> count_missed(Database& database, size_t missed);

  /// Of devices that were stored just now, in ascending order of their ids. Fails when the account has one of the serials
  /// already.
  Result<> add(Database& database, std::span<Device* const> devices);

 private:
  bool may_have(AccountId account, const Serial& serial) const;

  SerialFilter filter_;
  bool is_complete_ = false;  // the filter has all that are stored
  long long missed_ = 0;
};

}  // namespace muster::sqlite
