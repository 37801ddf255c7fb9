#include <algorithm>

#include "tests/explore/check/invariant.h"

namespace muster::explore {
namespace {

// Calls that stand for a lane: those that the server repeats by itself.
constexpr const char* kCalls[] = {"session", "sync", "fetch", "details", "assign"};

// An attempt that fails is repeated after 15 minutes and a bit at the latest, while there is something to do.
constexpr Millis kLongestWait = std::chrono::minutes(25);

// All calls of that name in the time before `at` failed, there were some, and they continue: then it is a
// lasting trouble. No call is good without a session.
bool fails(const Outcome& outcome, const std::string& name, Time at) {
  int failed = 0;
  Time last{};
  for (const Call& call : outcome.calls) {
    if (call.by_operator || call.at >= at || call.at < at - kPatience) continue;
    // A list that is read answers what details were asked for.
    if (name == "details" && call.name == "fetch" && !call.failed) last = {};
    const bool counts = call.name == name || (name == "session" && failed > 0);
    if (counts && !call.failed) return false;
    failed += counts;
    if (counts) last = call.at;
  }
  return failed > 1 && last > at - kLongestWait;
}

// The call that fails and of which the status does not tell; "" for none.
std::string kept_secret(const Outcome& outcome, const Sample& sample) {
  if (sample.names_trouble) return {};
  for (const char* name : kCalls)
    if (fails(outcome, name, sample.at)) return name;
  return {};
}

}  // namespace

Complaint truth(const Story&, const Outcome& outcome) {
  // Of two looks in a row: the work that the call was for may have come to nothing right before one.
  for (size_t i = 1; i < outcome.samples.size(); ++i) {
    const Sample& sample = outcome.samples[i];
    const std::string name = kept_secret(outcome, sample);
    if (!name.empty() && kept_secret(outcome, outcome.samples[i - 1]) == name)
      return std::to_string(
                 std::chrono::duration_cast<std::chrono::minutes>(sample.at - outcome.begin).count()) +
             " minutes into the story every " + name + " call fails, and the status is ok";
  }
  if (!outcome.samples.empty() && outcome.samples.back().names_trouble)
    return "Apple is healthy, and the status is not: " + outcome.samples.back().trouble;
  return std::nullopt;
}

}  // namespace muster::explore
