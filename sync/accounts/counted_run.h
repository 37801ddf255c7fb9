// A run of a lane, as the account's counts have it.
#pragma once

#include "base/result.h"
#include "base/time/clock.h"
#include "model/lane.h"
#include "sync/accounts/work_counts.h"

namespace muster::sync {

/// Its end is counted also when something throws: else the run would seem to go on.
class CountedRun {
 public:
  CountedRun(AccountCounts& counts, Lane lane, const Clock& clock)
      : counts_(counts), lane_(lane), clock_(clock) {
    counts_.run_begins(lane_, clock_.steady());
  }
  ~CountedRun() { counts_.run_ends(lane_, clock_.steady(), how_); }
  CountedRun(const CountedRun&) = delete;
  CountedRun& operator=(const CountedRun&) = delete;

  template <class T>
  void ends(const Result<T>& outcome) {
    using Ended = AccountCounts::Ended;
    how_ = outcome ? Ended::well : outcome.error().code == Code::cancelled ? Ended::stopped : Ended::badly;
  }

 private:
  AccountCounts& counts_;
  const Lane lane_;
  const Clock& clock_;
  AccountCounts::Ended how_ = AccountCounts::Ended::badly;
};

}  // namespace muster::sync
