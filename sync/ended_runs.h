// The accounts of which runs have ended lately, for those who show progress: a short run may never be seen in
// progress.
#pragma once

#include <atomic>
#include <set>
#include <utility>

#include "base/guarded.h"
#include "model/ids.h"

namespace muster::sync {

/// Any thread.
class EndedRuns {
 public:
  /// Nothing is kept before; nor later, once it is false.
  void keep(bool is_wanted) {
    is_wanted_ = is_wanted;
    if (!is_wanted) take();
  }
  void add(AccountId account) {
    if (is_wanted_) accounts_.with([&](auto& accounts) { accounts.insert(account); });
  }
  std::set<AccountId> take() {
    return accounts_.with([](auto& accounts) { return std::exchange(accounts, {}); });
  }

 private:
  std::atomic<bool> is_wanted_ = false;
  Guarded<std::set<AccountId>> accounts_;
};

}  // namespace muster::sync
