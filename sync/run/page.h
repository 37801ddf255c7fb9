// One page of Apple's list becomes durable: the one place where arrivals are found and decided.
//
// All of it is one transaction: the page's devices, what changed, the arrivals, what the rules want for them, the
// assignments this makes, and the cursor. Either the next run goes on behind this page, or it gets it again.
#pragma once

#include <string>
#include <vector>

#include "apple/service.h"
#include "assign/arrival.h"
#include "model/account.h"
#include "store/store.h"

namespace muster::sync {

struct PageOutcome {
  int arrivals = 0;
  int left = 0;
  int uncovered = 0;                  ///< arrivals that no rule covers
  bool made_work = false;             ///< assignments are there that were not, or may be due sooner
  std::vector<DeviceId> listed;       ///< every device of the page
  std::vector<std::string> warnings;  ///< for the log, once it is committed
};

struct PageInput {
  AccountId account{};
  AccountName account_name = {};  ///< for filters that ask it
  assign::Source source = assign::Source::sync;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  Time now{};
  assign::ListTime list = {};  ///< how the page stands in time
  /// Of rows that Apple's answers to questions were made into: when it was asked, by its clock.
  Time asked_at{};
};

/// Applies the rows inside the caller's transaction. Rows of one serial are taken in order of their dates.
Result<PageOutcome> apply_rows(Writer& writer, const PageInput& input, std::vector<DeviceReport> rows);

}  // namespace muster::sync
