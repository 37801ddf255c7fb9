// What this server did for each account that it works, counted since it started, for GET /metrics. Any
// thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "apple/session/call_counts.h"
#include "base/guarded.h"
#include "base/time/wait_histogram.h"
#include "model/ids.h"
#include "model/lane.h"
#include "store/day_counts.h"

namespace muster::sync {

struct LaneCounts {
  long long done = 0;           ///< runs that ended well
  long long failed = 0;         ///< runs that failed; those that were stopped count nowhere
  Millis time{};                ///< of all runs
  std::optional<Millis> last;   ///< duration of the last run
  std::optional<Tick> running;  ///< since when a run is in progress
  long long pages = 0;          ///< stored
};

/// Of one account.
class AccountCounts {
 public:
  /// Of its calls to Apple. It outlives the token: counters only grow.
  const std::shared_ptr<apple::CallCounts> calls = std::make_shared<apple::CallCounts>();

  /// Rules may come and go, and be renamed; those beyond count as "other".
  static constexpr size_t kMostRules = 1000;

  struct Values {
    std::array<LaneCounts, kLanes.size()> lanes;
    std::map<std::string, long long> arrivals;  ///< of devices, by the rule that decided; "" for none
    WaitHistogram assigned_after;               ///< from arrivals to Apple's report of the profile
    std::optional<Time> oldest_arrival;  ///< of the devices that arrived and do not have their profile yet
  };

  void run_begins(Lane lane, Tick now) {
    of(lane, [&](LaneCounts& counts) { counts.running = now; });
  }
  enum class Ended { well, badly, stopped };
  void run_ends(Lane lane, Tick now, Ended how) {
    of(lane, [&](LaneCounts& counts) {
      const Millis time = now - counts.running.value_or(now);
      counts.running.reset();
      if (how == Ended::stopped) return;
      ++(how == Ended::well ? counts.done : counts.failed);
      counts.time += time;
      counts.last = time;
    });
  }
  void add_page(Lane lane) {
    of(lane, [](LaneCounts& counts) { ++counts.pages; });
  }
  template <class ByRule>
  void add_arrivals(const ByRule& by_rule) {
    values_.with([&](Values& values) {
      for (const auto& [rule, devices] : by_rule) {
        const bool has_room = values.arrivals.size() < kMostRules || values.arrivals.contains(rule);
        values.arrivals[has_room ? rule : "other"] += devices;
      }
    });
  }
  /// How long each of some devices waited for its profile.
  template <class Waits>
  void add_assigned(const Waits& waits) {
    values_.with([&](Values& values) {
      for (const Millis wait : waits) values.assigned_after.add(wait);
    });
  }
  void set_oldest_arrival(std::optional<Time> time) {
    values_.with([&](Values& values) { values.oldest_arrival = time; });
  }
  Values values() const {
    return values_.with([](const Values& values) { return values; });
  }

  /// The calls to Apple since this was last asked, to be stored; give_back() when that failed.
  DayCounts take_calls() {
    const auto all = in_days(calls->values());
    return taken_calls_.with([&](DayCounts& taken) {
      const DayCounts since{.calls = all.calls - taken.calls,
                            .failed_calls = all.failed_calls - taken.failed_calls,
                            .paused = all.paused - taken.paused};
      taken = all;
      return since;
    });
  }
  void give_back(const DayCounts& since) {
    taken_calls_.with([&](DayCounts& taken) {
      taken.calls -= since.calls;
      taken.failed_calls -= since.failed_calls;
      taken.paused -= since.paused;
    });
  }

 private:
  template <class Fn>
  void of(Lane lane, const Fn& fn) {
    values_.with([&](Values& values) { fn(values.lanes[static_cast<size_t>(lane)]); });
  }

  static DayCounts in_days(const apple::CallCounts::Values& values) {
    constexpr int kFirstError = 400;
    DayCounts counts{.paused = values.paused};
    for (const auto& [kind, number] : values.calls) {
      counts.calls += number;
      if (kind.status == 0 || kind.status >= kFirstError) counts.failed_calls += number;
    }
    return counts;
  }

  Guarded<Values> values_;
  Guarded<DayCounts> taken_calls_;
};

/// Of all accounts.
class WorkCounts {
 public:
  std::shared_ptr<AccountCounts> of(AccountId account) {
    return accounts_.with([&](auto& accounts) {
      auto& entry = accounts[account];
      if (!entry) entry = std::make_shared<AccountCounts>();
      return entry;
    });
  }
  /// The account was removed, or another server works it: its counters begin again.
  void forget(AccountId account) {
    accounts_.with([&](auto& accounts) { accounts.erase(account); });
  }
  std::map<AccountId, std::shared_ptr<const AccountCounts>> all() const {
    return accounts_.with([](const auto& accounts) {
      return std::map<AccountId, std::shared_ptr<const AccountCounts>>(accounts.begin(), accounts.end());
    });
  }

 private:
  Guarded<std::map<AccountId, std::shared_ptr<AccountCounts>>> accounts_;
};

}  // namespace muster::sync
