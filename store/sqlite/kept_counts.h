// How many devices an account has, by what people look at: kept in a table of its own by the transaction that changes
// devices, so that asking costs the same with ten devices and a million.
//
// SQLite tells of every row of `device` and `assignment` that the writing connection is about to change, so that no write
// can forget to count. Only of new devices it is told by the one who stores them, because SQLite would have to take apart
// the rows that it has just put together: 2,500 instructions a device.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "model/device.h"
#include "store/sqlite/database.h"

namespace muster::sqlite {

class KeptCounts {
 public:
  /// Stored as numbers: never renumber, only append. Tombstones count nowhere.
  enum class Kind { devices = 0, uncovered = 1, contested = 2, with_profile = 3, waiting = 4 };

  /// Listens to the connection from now on; `database` outlives it.
  static Result<std::unique_ptr<KeptCounts>> attach(Database& database);
  ~KeptCounts();
  KeptCounts(const KeptCounts&) = delete;
  KeptCounts& operator=(const KeptCounts&) = delete;

  /// A device that is new in this transaction, stored without_listening().
  void count_new(const Device& device);
  /// Calls fn(), which changes no devices nor assignments but what is counted by count_new(), without listening. SQLite
  /// empties a table at one stroke only while nobody listens.
  template <class Fn>
  auto without_listening(Fn&& fn) {
    listen(false);
    const std::unique_ptr<KeptCounts, ListenAgain> again(this);
    return fn();
  }

  /// Writes into the table what has changed since the last time. Before COMMIT, and before the counts are read within the
  /// transaction.
  Result<> settle();
  /// The transaction was undone, or another one begins.
  void forget() {
    changes_.clear();
    touched_ = false;
  }
  /// Whether the transaction changed anything by which devices are counted or decided about.
  bool touched() const { return touched_; }

 private:
  struct Columns {
    int account, profile_status, profile_uuid, desired_by, tombstone_at, arrived_at, contested_at;
  };
  struct Counted;
  struct ListenAgain {
    void operator()(KeptCounts* counts) const { counts->listen(true); }
  };
  using Changes = std::map<std::string, long long, std::less<>>;  // by profile
  struct OfAccount {
    long long numbers[5] = {};  // by Kind; not with_profile
    Changes with_profile;
  };

  KeptCounts(Database& database, const Columns& columns, int assignment_account);
  void listen(bool on);
  void see(int operation, std::string_view table);
  void add(const Counted& device, int times);
  Result<> settle(std::int64_t account, Kind kind, const std::string& profile, long long change);

  Database& database_;
  const Columns columns_;
  const int assignment_account_;
  std::map<std::int64_t, OfAccount> changes_;  // by account
  bool touched_ = false;
};

}  // namespace muster::sqlite
