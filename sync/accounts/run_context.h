// What work for an account needs, in a lane or on request of an operator.
#pragma once

#include <functional>
#include <stop_token>

#include "apple/service.h"
#include "assign/arrival.h"
#include "model/account.h"
#include "model/lane.h"
#include "store/store.h"

namespace muster::sync {

struct RunContext {
  Store& store;
  apple::Service& service;
  const Clock& clock;
  const Account& account;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  std::stop_token stop = {};                           ///< interrupts calls to Apple
  Millis reconcile_interval = std::chrono::hours(24);  ///< from one full list to the next
  std::function<void(Lane)> wake_lane = {};            ///< wakes a lane of the account

  /// Asked before a call that changes something at Apple: whether this server still works the account.
  std::function<bool()> may_call = {};

  /// The last run could not store what Apple answered: this one waits until it can, instead of asking again.
  bool is_patient = false;

  /// Of everything that the run writes.
  WriteScope scope() const {
    const auto scope = WriteScope::of_run(account);
    return is_patient ? scope.patiently() : scope;
  }
  void wake(Lane lane) const {
    if (wake_lane) wake_lane(lane);
  }
};

}  // namespace muster::sync
