// A scheduler for one account that has no threads: the lane that is due first runs, and time goes to the next
// moment at which one is due.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>

#include "model/lane.h"
#include "sync/scheduler.h"
#include "tests/support/manual_clock.h"

namespace muster::explore {

class Driver {
 public:
  using Run = std::function<std::optional<Time>(Lane, const sync::RunRequest&)>;

  Driver(ManualClock& clock, std::span<const Lane> lanes, Run run);

  /// All lanes are due, as when a server starts.
  void start();
  /// The lane is due now.
  void wake(Lane lane);
  /// An operator asks for a sync.
  void ask(bool full);

  /// Runs what is due until `end`, which is the time afterwards. `after_run` is called behind each run.
  void run_until(Time end, const std::function<void()>& after_run = {});

  /// A lane was due again and again at the same moment: in a real server that is a loop without a pause.
  bool has_spun() const { return has_spun_; }

 private:
  struct Slot {
    std::optional<Time> due;
    bool asked = false;
    bool full = false;
  };

  std::optional<Lane> first_due(Time until) const;

  ManualClock& clock_;
  const Run run_;
  std::map<Lane, Slot> slots_;  // in the order of lanes, which decides between two that are due at once
  bool has_spun_ = false;
  std::stop_source stop_;
};

}  // namespace muster::explore
