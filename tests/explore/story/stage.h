// The environment of a story: its account, server, Apple, and operators.
#pragma once

#include <map>
#include <string>

#include "store/store.h"
#include "tests/explore/broken_apple.h"
#include "tests/explore/driver.h"
#include "tests/explore/server.h"
#include "tests/explore/story/outcome.h"

namespace muster::explore {

/// The devices of the baseline were assigned to the service so long before the server began: Apple's dates
/// have whole seconds.
inline constexpr Millis kBaselineAge = std::chrono::hours(1);

class Stage {
 public:
  /// An account of its own in `store`, named after `number`, with rules and profiles, before its first run.
  Stage(Store& store, long long number, const Story& story, bool with_faults);
  /// The account is erased.
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Time now() const { return clock_.now(); }
  Millis story_time() const { return clock_.now() - begin_; }
  void run_until(Millis story_time);
  /// False when an operator's call was rejected or not answered for all serials: the operator must ask again.
  bool act(const Event& event);

  Standings standings(const Serials& serials);
  Serials all_serials() const;
  bool baseline_is_read();
  /// Assignments that are in progress or wait.
  long long waiting();
  Sample sample();
  BrokenApple& apple() { return apple_; }
  /// All but `healthy_at`, `before`, `delayed` and `unspecified`, which are the player's.
  Outcome outcome();

 private:
  void make_account();
  void make_rules();
  void begin_server();
  bool operate(const Event& event);
  template <class Act>
  bool by_hand(Act act);
  std::string name_of(const std::string& uuid) const;
  Account account();
  std::string overdue_arrival();

  Store& store_;
  const long long number_;
  const Story& story_;
  ManualClock clock_;
  const Time begin_ = clock_.now() + kBaselineAge;
  BrokenApple apple_;
  std::unique_ptr<Server> server_;
  Driver driver_;
  AccountId account_{};
  std::vector<std::string> profiles_;  // UUIDs of P1, P2, P3
  // What Apple's list says since when, for devices that sync must have shown: present or not.
  std::map<std::string, std::pair<bool, Millis>> shown_;
  std::set<std::string> throttled_, newcomers_;
};

}  // namespace muster::explore
