// Which device has which serial: the index that keeps each serial once in an account.
//
// Serials come in no order: put into an index as they come, a page of 1,000 devices changes nearly as many of
// its pages. So those that came last are in memory (recent_serials.h), and go into the index in the file (the
// table serial_index) many at once. Each is in one of the two.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "model/device.h"
#include "store/serial_filter.h"
#include "store/sqlite/engine/database.h"
#include "store/sqlite/engine/recent_serials.h"

namespace muster::sqlite {

/// The two of them, with the same columns.
inline constexpr const char* kSerialTables[] = {"serial_recent", "serial_index"};

/// The id of the device with this serial, or NULL. Both are SQL: of the account and of the serial.
#define DEVICE_OF(account, serial)                                                           \
  "coalesce((SELECT place FROM serial_recent WHERE owner = " account " AND number = " serial \
  "), (SELECT place FROM serial_index WHERE owner = " account " AND number = " serial "))"

/// The last device whose serial is in the index of the file, as this connection sees it.
Result<DeviceId> last_indexed(Database& database);

/// Puts the serials of all devices into the index of the file, which is empty. For a database that nobody has
/// open.
Result<> index_all_devices(Database& writer);

/// One for a database. All but recent() is the writer's, under its lock.
class Serials {
 public:
  /// Reads what the index of the file lacks. Before anything else.
  Result<> load(Database& writer);

  /// For a reader that sees an index that ends with this device; nothing when that view is too old: it takes
  /// a new one. Any thread may ask.
  std::optional<SerialRuns> recent(DeviceId last_indexed) const;

  /// A transaction begins. What one added that was undone is forgotten.
  void begin(Database& writer);
  /// Right before COMMIT: readers may see its devices as soon as they are committed.
  void publish();
  /// Right behind it.
  void commit(bool succeeded);

  /// Those of the serials that may be stored.
  std::vector<Serial> possible(AccountId account, std::span<const Serial> serials) const;

  /// Tells of serials that were looked for in vain. When there were many, all that are stored are read once,
  /// and possible() leaves most of those out that are not.
  Result<> count_missed(Database& writer, size_t missed);

  /// Of devices that are to be stored, behind all that are. Code::internal when the account has one of the
  /// serials already.
  Result<> add(Database& writer, SerialRun run);

  /// Devices have got other kinds. What is in memory goes into the index of the file, because readers may
  /// hold it.
  Result<> change_sorts(Database& writer, const SerialRun& changed);
  /// The devices that this is to be told of: a statement that updates devices calls muster_sort(id, kind
  /// before, x), which gives x, the kind that it is to have. Forgets them.
  std::set<DeviceId> take_resorted() { return std::exchange(resorted_, {}); }

  /// Whether so many are in memory that a start should not have to read them.
  bool are_many() const;
  /// Puts all into the index of the file. Before devices are deleted.
  Result<> index_all(Database& writer);

 private:
  void add_function(Database& writer);
  bool may_have(AccountId account, std::string_view serial) const;
  Result<> refuse_known(Database& writer, const SerialRun& run) const;

  std::set<DeviceId> resorted_;
  SerialFilter filter_;
  bool is_complete_ = false;  // the filter has all that are stored
  long long missed_ = 0;
  RecentSerials now_;        // as the transaction under way has them
  bool is_changed_ = false;  // by it
  std::shared_ptr<const RecentSerials> committed_ = std::make_shared<const RecentSerials>();
  Guarded<std::shared_ptr<const RecentSerials>> published_;
};

}  // namespace muster::sqlite
