// Which accounts had no device when this server stored the first ones, and what it has stored since: of a
// list that Apple shows for the first time, each serial would otherwise be looked for in vain, which takes a
// quarter of the database's time.
//
// Only who works an account inserts its devices, and proves that by the epoch (WriteScope::of_run()): as long
// as the epoch is the same, nobody else has. What is wrong here all the same cannot be stored, as serials are
// unique; then the account is forgotten, and the next try looks again.
#pragma once

#include <deque>
#include <mutex>
#include <span>
#include <vector>

#include "model/device.h"
#include "store/serial_filter.h"

namespace muster::postgres {

class FirstLists {
 public:
  /// Those of the serials that the account may have: all of them, where nothing is known.
  std::vector<Serial> may_have(AccountId account, long long epoch, std::span<const Serial> serials) const;
  bool is_known(AccountId account, long long epoch) const;
  /// The account has no device.
  void begin(AccountId account, long long epoch);
  /// These are being inserted; where nothing is known, nothing is done. It does no harm if they are not, in
  /// the end.
  void add(AccountId account, long long epoch, std::span<const Device* const> devices);
  void forget(AccountId account);

 private:
  struct List {
    AccountId account{};
    long long epoch = 0;
    SerialFilter serials = {};
    long long count = 0;
  };
  void drop(AccountId account);

  mutable std::mutex mutex_;
  std::deque<List> lists_;  // the oldest first
};

}  // namespace muster::postgres
