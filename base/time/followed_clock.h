// The time of another machine, e.g. of the database that several servers share: told now and then, and
// followed in between by our own monotonic clock. What happens to our own wall clock does not matter.
#pragma once

#include <atomic>

#include "base/time/clock.h"

namespace muster {

class FollowedClock final : public Clock {
 public:
  /// Shows what `own` shows, until it is told the other machine's time.
  explicit FollowedClock(Clock& own) : own_(own), offset_(own.moment().offset()) {}

  /// The other machine's clock shows `time` now. Differences that the way to it explains are ignored.
  void follow(Time time);

  Time now() const override { return moment().wall; }
  Tick steady() const override { return own_.steady(); }
  Moment moment() const override {
    const Tick tick = own_.steady();
    return {Time(tick.time_since_epoch() + offset_.load()), tick};
  }
  void wait(Waker& waker, Tick deadline) override { own_.wait(waker, deadline); }

  /// How far our own wall clock is ahead of the other machine's.
  Millis ahead() const { return own_.moment().offset() - offset_.load(); }

 private:
  Clock& own_;
  std::atomic<Millis> offset_;
};

}  // namespace muster
