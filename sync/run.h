// One run: a pass over an account's device list, to its end.
#pragma once

#include <stop_token>

#include "apple/service.h"
#include "assign/arrival.h"
#include "model/account.h"
#include "store/store.h"

namespace muster::sync {

struct RunReport {
  int pages = 0;
  long long devices = 0;  ///< rows
  int arrivals = 0;
  int left = 0;
  int uncovered = 0;
};

struct RunContext {
  Store& store;
  apple::Service& service;
  const Clock& clock;
  const Account& account;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  std::stop_token stop = {};  ///< ends every wait for Apple
};

/// Reads the list from where it was left to its end. An error ends it where it is: every page before is stored, and
/// the next run goes on there. The caller sees to it that an account has one run at a time.
Result<RunReport> run(const RunContext& context);

}  // namespace muster::sync
