// Stores one page of Apple's list: the only place where arrivals are found and decided.
//
// A single transaction contains the page's devices, their updates, arrivals, decisions, assignments and the
// cursor. The next run either continues after the page or reads it again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apple/service.h"
#include "assign/arrival.h"
#include "model/account.h"
#include "store/store.h"
#include "sync/inheritance/inheritance.h"

namespace muster::sync {

struct PageOutcome {
  int arrivals = 0;
  int left = 0;
  int uncovered = 0;        ///< arrivals without a rule
  long long confirmed = 0;  ///< devices that Apple reports with the profile that was assigned
  std::map<std::string, int>
      by_rule;                   ///< arrivals by the rule that decided: its name, or its filter; "" for none
  int replacements_to_ask = 0;   ///< new questions
  bool made_work = false;        ///< there are new assignments, or some are due sooner
  std::vector<DeviceId> listed;  ///< every device of the page
  std::vector<std::string> warnings;   ///< to be logged after the commit
  std::vector<Millis> assigned_after;  ///< DeviceUpdates::assigned_after()
};

struct PageInput {
  AccountId account{};
  AccountName account_name = {};  ///< for filters that use it
  assign::Source source = assign::Source::sync;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  Time now{};
  assign::ListTime list = {};  ///< dates of the list
  /// For rows made from Apple's answers to questions: when Apple was asked, by its clock.
  Time asked_at{};
  bool inherit = false;    ///< Account::inherit_replacements
  Replaced replaced = {};  ///< as far as Apple has told: find_replaced()
};

/// Applies the rows in the caller's transaction. Rows of one serial number are applied in order of their
/// dates.
Result<PageOutcome> apply_rows(Writer& writer, const PageInput& input, std::vector<DeviceReport> rows);

}  // namespace muster::sync
