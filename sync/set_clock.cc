#include "sync/set_clock.h"

#include <algorithm>

#include "apple/answers/retry_after.h"
#include "apple/service.h"
#include "base/time/backoff.h"
#include "sync/scheduler.h"

namespace muster::sync {
namespace {

LongestWaits longest_waits(Millis reconcile_interval) {
  return {.next_list = longest_spread(reconcile_interval),
          .assignment = apple::kLongestThrottle,
          .retry = longest_spread(kLongestRetry),
          .pause = apple::kLongestRetryAfter};
}

Result<> follow(Writer& writer, Millis by, Time now, Millis reconcile_interval, ServerId worker = {}) {
  if (by != Millis(0)) MUSTER_TRY(writer.shift_schedules(by, worker));
  return writer.end_impossible_waits(now, longest_waits(reconcile_interval));
}

}  // namespace

Result<> follow_clock(Store& store, Millis by, Time now, Millis reconcile_interval, ServerId worker) {
  return store.write(installation,
                     [&](Writer& writer) { return follow(writer, by, now, reconcile_interval, worker); });
}

Result<std::optional<Millis>> follow_clock_at_start(Store& store, Time now, Millis reconcile_interval) {
  return store.write(installation, [&](Writer& writer) -> Result<std::optional<Millis>> {
    MUSTER_TRY(const auto last_run, writer.last_attempt());
    const bool was_set_back = last_run && *last_run - now >= Scheduler::kClockJump;
    MUSTER_TRY(follow(writer, was_set_back ? now - *last_run : Millis(0), now, reconcile_interval));
    return was_set_back ? std::optional(now - *last_run) : std::nullopt;
  });
}

}  // namespace muster::sync
