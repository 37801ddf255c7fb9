// A lane of an account under a test's control, without scheduler.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "sync/run/lanes.h"
#include "sync/scheduler.h"

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

  Result<> read_changes() const {
    MUSTER_TRY(const auto state,
               context.store.read([&](Reader& r) { return r.sync_state(context.account.id); }));
    MUSTER_TRY(const auto end, sync::read_changes(context, state));
    return end ? store_end(context, *end) : Result<>();
  }

  sync::AccountMemory memory;
  std::optional<Millis> retry_in;
  std::set<Lane> woken;  ///< that were told of work
  sync::LaneContext context;
};

/// A work for the lane `changes` alone: the others have nothing to do.
inline sync::Scheduler::Work in_changes(
    std::function<std::optional<Time>(AccountId, const sync::RunRequest&)> work) {
  return [work = std::move(work)](AccountId account, Lane lane,
                                  const sync::RunRequest& run) -> std::optional<Time> {
    return lane == Lane::changes ? work(account, run) : std::nullopt;
  };
}

}  // namespace muster::test
