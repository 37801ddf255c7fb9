#include <algorithm>
#include <optional>

#include "tests/explore/check/invariant.h"

namespace muster::explore {
namespace {

// Whether no answer of this call was spoilt in the time that the work had: then the work had no reason to
// wait. What is about the account stops everything, and a fault that ended a moment ago may have its back-off
// still to come.
bool was_well(const Outcome& outcome, const std::string& call, Time from, Time to) {
  return std::none_of(outcome.calls.begin(), outcome.calls.end(), [&](const Call& made) {
    return made.spoilt && made.name == call && made.at >= from && made.at <= to;
  });
}

// The longest time until a full list gives another cursor, once those that came of wrong answers do not work.
constexpr Millis kRelisted = std::chrono::minutes(135);

// Whether the last list of changes before `at` gave a cursor as it should: nothing else may take that away.
bool has_good_cursor(const Outcome& outcome, Time at) {
  bool is_good = false;
  for (const Call& made : outcome.calls)
    if (made.name == "sync" && made.at <= at) is_good = made.status == 200 && !made.spoilt;
  return is_good;
}

// Without a cursor that works, which only a full list gives, there are no changes to be read.
bool could_read_changes(const Outcome& outcome, Time from, Time to) {
  if (has_good_cursor(outcome, from)) return true;
  const bool is_polled = std::any_of(outcome.calls.begin(), outcome.calls.end(), [&](const Call& made) {
    return made.name == "sync" && made.status == 200 && made.at >= from && made.at <= to;
  });
  return is_polled || was_well(outcome, "fetch", outcome.begin, to);
}

// Apple did not say how the device is, though it was asked about this one alone: what a full list lacks stays
// unknown then.
bool was_silent_about(const Outcome& outcome, const std::string& serial, Time from, Time to) {
  return std::any_of(outcome.calls.begin(), outcome.calls.end(), [&](const Call& made) {
    return made.spoilt && made.name == "details" && made.at >= from && made.at <= to &&
           made.asked == Serials{serial};
  });
}

std::string minutes(const Outcome& outcome, Time at) {
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(at - outcome.begin).count()) +
         " minutes into the story";
}

// How long after its arrival the device was first sent; nothing when it was not.
std::optional<Millis> wait_of(const Outcome& outcome, const std::string& serial, Millis arrival) {
  for (const Call& call : outcome.calls)
    if (call.name == "assign" && call.at >= outcome.begin + arrival &&
        std::find(call.asked.begin(), call.asked.end(), serial) != call.asked.end())
      return call.at - outcome.begin - arrival;
  return std::nullopt;
}

// A device that is sent in time without the fault, and late with it, though nothing was wrong with what it
// needs.
Complaint late_arrival(const Story& story, const Outcome& outcome, const Outcome& twin) {
  auto excuses = excused(outcome, twin);
  excuses.merge(brief_devices(story));
  for (const Event& event : story.plot.events) {
    if (event.what != Happening::arrive && event.what != Happening::come_from_elsewhere) continue;
    const Time came = outcome.begin + event.at;
    if (!could_read_changes(outcome, came, came + kPatience)) continue;
    if (!was_well(outcome, "sync", came - 2 * kPatience, came + kPatience) ||
        !was_well(outcome, "assign", came - 2 * kPatience, came + kPatience))
      continue;
    for (const auto& serial : event.serials) {
      const auto wait = wait_of(outcome, serial, event.at);
      const auto usual = wait_of(twin, serial, event.at);
      if (excuses.contains(serial) || !usual || *usual > kPatience || (wait && *wait <= kPatience)) continue;
      return serial + " was sent " +
             (wait ? std::to_string(std::chrono::duration_cast<std::chrono::minutes>(*wait).count()) +
                         " minutes after it came"
                   : "never") +
             ", and Apple lists and takes devices";
    }
  }
  return std::nullopt;
}

}  // namespace

Complaint nothing_else_stops(const Story& story, const Outcome& outcome, const Outcome& twin) {
  if (stops_the_account(story)) return std::nullopt;
  const auto excuses = excused(outcome, twin);
  for (const Sample& sample : outcome.samples) {
    const Time begin = sample.at - 2 * kPatience;
    if (!sample.unsent.empty() && was_well(outcome, "assign", begin, sample.at))
      return minutes(outcome, sample.at) + " " + sample.unsent +
             " waits to be sent, and Apple takes assignments";
    if (!sample.unasked.empty() && was_well(outcome, "details", begin, sample.at))
      return minutes(outcome, sample.at) + " Apple was not asked about " + sample.unasked +
             ", and answers questions";
    if (!sample.unseen.empty() && !excuses.contains(sample.unseen) &&
        !was_silent_about(outcome, sample.unseen, sample.unseen_since, sample.at) &&
        could_read_changes(outcome, sample.unseen_since, sample.at) &&
        was_well(outcome, "sync", std::min(sample.at - kRelisted - kPatience, sample.unseen_since),
                 sample.at))
      return minutes(outcome, sample.at) + " the server does not know what happened to " + sample.unseen +
             ", and Apple says it";
  }
  return late_arrival(story, outcome, twin);
}

}  // namespace muster::explore
