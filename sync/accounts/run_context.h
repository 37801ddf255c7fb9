// What work for one account needs, in a lane or for an operator who waits.
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
  std::stop_token stop = {};                           ///< ends every wait for Apple
  Millis reconcile_interval = std::chrono::hours(24);  ///< from one full list to the next
  std::function<void(Lane)> wake_lane = {};            ///< tells a lane of the account that it has work

  void wake(Lane lane) const {
    if (wake_lane) wake_lane(lane);
  }
};

}  // namespace muster::sync
