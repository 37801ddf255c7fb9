// How many devices an account has, by what people look at: kept in a table of its own by the transaction that
// changes devices, so that asking costs the same with ten devices and a million.
//
// SQLite tells of every row of `device` and `assignment` that the writing connection is about to change, so
// that no write can forget to count. But it takes both rows apart for that, which costs more than changing
// them. So the statements that change thousands count by themselves, while nobody listens
// (without_listening()): who runs them tells what is there afterwards, and the statement what is gone, by
// functions that it calls with the row as it was:
//
//   a device:       muster_was(account, tombstone_at, profile, desired_by, arrived_at, contested_at, kind,
//                   desired_rule, x) gives x
//   an assignment:  muster_waited(account, x) gives x
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "model/device.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

class KeptCounts {
 public:
  /// Stored as numbers: never renumber, only append. Tombstones count nowhere. Those by_profile are also by
  /// the rule that gave the device its profile.
  enum class Kind { devices = 0, uncovered = 1, contested = 2, by_profile = 3, waiting = 4, by_kind = 5 };

  /// Listens to the connection from now on; `database` outlives it.
  static Result<std::unique_ptr<KeptCounts>> attach(Database& database);
  ~KeptCounts();
  KeptCounts(const KeptCounts&) = delete;
  KeptCounts& operator=(const KeptCounts&) = delete;

  /// What a statement stores without_listening(). `profile`: the number of the device's profile_state;
  /// `kind`: of its kind.
  void count(const Device& device, std::int64_t profile, std::int64_t kind);
  void count_assignment(AccountId account);
  /// Calls fn(), which changes no devices nor assignments but what is counted otherwise, without listening.
  /// SQLite empties a table at one stroke only while nobody listens.
  template <class Fn>
  auto without_listening(Fn&& fn) {
    listen(false);
    const std::unique_ptr<KeptCounts, ListenAgain> again(this);
    return fn();
  }

  /// Writes into the table what has changed since the last time. Before COMMIT, and before the counts are
  /// read within the transaction.
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
    int account, profile, kind, desired_by, desired_rule, tombstone_at, arrived_at, contested_at;
  };
  struct Counted;
  struct ListenAgain {
    void operator()(KeptCounts* counts) const { counts->listen(true); }
  };
  struct OfAccount {
    long long numbers[5] = {};  // by Kind; not by_profile
    // By number of profile_state, and rule; by number of kind.
    std::map<std::pair<std::int64_t, std::int64_t>, long long> by_profile;
    std::map<std::int64_t, long long> by_kind;
  };

  KeptCounts(Database& database, const Columns& columns, int assignment_account);
  void listen(bool on);
  void see(int operation, std::string_view table);
  void add_functions();
  void was(sqlite3_value** columns);
  void add(const Counted& device, int times);
  Result<> settle(std::int64_t account, Kind kind, std::int64_t part, std::int64_t rule, long long change);

  Database& database_;
  const Columns columns_;
  const int assignment_account_;
  std::map<std::int64_t, OfAccount> changes_;  // by account
  bool touched_ = false;
};

}  // namespace muster::sqlite
