// A story as a plain value: what the account is like, what happens to it, and what Apple answers wrongly
// meanwhile.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "model/rule.h"
#include "tests/explore/story/answer.h"

namespace muster::explore {

/// The regular interval of the accounts in stories, and that of the full list. Short, so that a story of two
/// days has a hundred polls and not thousands.
inline constexpr Millis kInterval = std::chrono::minutes(30);
inline constexpr Millis kReconcile = std::chrono::hours(24);

/// Two intervals, with the spread that the scheduler gives them, and an attempt more.
inline constexpr Millis kPatience = std::chrono::minutes(75);

enum class Happening {
  // At Apple.
  arrive,
  arrive_silently,
  come_from_elsewhere,
  remove,
  come_back,  ///< of devices that were removed
  release,
  reassign,
  change,
  lose_profile,
  throttle,
  // By operators.
  assign_manually,
  remove_profile,
  hold,
  end_hold,
  forget,
  sync_now,
  full_sync,
  change_rule,  ///< the first rule gives profile 3 from now on
  widen_rule,   ///< the first rule takes all devices that it covers, which begins a backfill
  // To the server.
  crash,            ///< between two calls
  crash_in_a_call,  ///< the next call to Apple has its effect, and nobody hears the answer
};

constexpr bool is_by_operator(Happening what) {
  return what >= Happening::assign_manually && what <= Happening::widen_rule;
}

struct Event {
  Millis at{};  ///< since the story's beginning
  Happening what = Happening::arrive;
  Serials serials{};
  int profile = 1;  ///< for assign_manually: 1 to 3
};

/// What happens, without any fault. Several stories share one, and so one twin.
struct Plot {
  int devices = 3;  ///< in the first full list: B01, B02, ...
  int page_size = 10;
  bool two_rules = false;  ///< one for the serials that begin with A, one for all others
  Rule::Scope scope = Rule::Scope::arrivals;
  bool redelivers = false;  ///< Apple gives every third sync some rows again
  std::vector<Event> events;
};

/// A wrong answer, and to which calls it is given.
struct Fault {
  std::string call = "sync";  ///< depsim's name of the endpoint, or "every call"
  Answer answer{};
  Millis begin{};
  Millis length{};  ///< no answer is spoilt after that
  int count = 0;    ///< answers to spoil; 0: all while it lasts
  int skip = 0;     ///< good answers before the first
};

struct Story {
  std::uint64_t seed = 0;  ///< of the random waits in the server
  std::string moment;      ///< in which state the account is when the fault comes, for users
  Plot plot;
  std::vector<Fault> faults;
  bool patient = false;  ///< nobody asks for a full list after the fault: the account recovers by itself
};

/// Whether any of the faults is about the account as a whole, so that Muster may stop everything.
bool stops_the_account(const Story& story);

/// Devices to which two things happen between two polls (two full lists where sync does not show them), or at
/// Apple within the second of what an operator asked: what the server sees of that, and does, is a matter of
/// when it polls. Their end is not.
std::set<std::string> brief_devices(const Story& story);

/// When nothing happens any more and no answer is spoilt any more.
Millis end_of_trouble(const Story& story);

}  // namespace muster::explore
