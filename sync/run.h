// One run: a pass over an account's device list, to its end.
#pragma once

#include <functional>
#include <stop_token>

#include "apple/service.h"
#include "assign/arrival.h"
#include "model/account.h"
#include "store/store.h"

namespace muster::sync {

struct RunReport {
  bool whole_list = false;  ///< the full list was read from its beginning to its end
  int pages = 0;
  long long devices = 0;  ///< rows
  int arrivals = 0;
  int left = 0;
  int uncovered = 0;

  RunReport& operator+=(const RunReport& other);
};

struct RunContext {
  Store& store;
  apple::Service& service;
  const Clock& clock;
  const Account& account;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  std::stop_token stop = {};                           ///< ends every wait for Apple
  Millis reconcile_interval = std::chrono::hours(24);  ///< from one full list to the next
  std::function<void(const RunReport&)> on_page = {};  ///< after each page, for people who watch
};

enum class Reading {
  changes,  ///< what is new since the last run; the full list where that has not been read to its end
  all,      ///< the full list anew (reconcile), and then what is new
};

/// Reads the list to its end, from where it was left or anew. An error ends it where it is: every page before is stored, and
/// the next run goes on there. The caller sees to it that an account has one run at a time.
Result<RunReport> run(const RunContext& context, Reading reading = Reading::changes);

}  // namespace muster::sync
