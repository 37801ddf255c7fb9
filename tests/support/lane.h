// A lane of an account under a test's control, without scheduler.
#pragma once

#include <set>

#include "sync/run/lanes.h"

namespace muster::test {

struct LaneUnderTest {
  LaneUnderTest(Store& store, apple::Service& service, const Clock& clock, const Account& account)
      : context{{.store = store,
                 .service = service,
                 .clock = clock,
                 .account = account,
                 .wake_lane = [this](Lane lane) { woken.insert(lane); }},
                memory,
                0,
                retry_in} {}

  sync::AccountMemory memory;
  std::optional<Millis> retry_in;
  std::set<Lane> woken;  ///< that were told of work
  sync::LaneContext context;
};

}  // namespace muster::test
