#include <algorithm>
#include <cmath>
#include <optional>

#include "tests/explore/check/invariant.h"

namespace muster::explore {
namespace {

using namespace std::chrono_literals;

constexpr size_t kMostAMinute = 10;
// In the first hour of a failing lane: 1, 4, 16, 64, 256 and 900 seconds of waiting, then every 15 minutes,
// and two regular polls. A failing attempt may cost three calls: with the session that had ended, a new
// session, and the call once more.
constexpr size_t kMostInFirstHour = 3 * (6 + 4 + 2);
constexpr size_t kMostInLaterHour = 3 * (4 + 3);

// Calls that come of what happens, and not of the fault: the list's pages, and what an operator asks for.
size_t pages(const Story& story) {
  size_t devices = static_cast<size_t>(story.plot.devices);
  for (const Event& event : story.plot.events) devices += event.serials.size();
  return devices / static_cast<size_t>(story.plot.page_size) + 2;
}

size_t events_in(const Story& story, Millis from, Millis to) {
  return static_cast<size_t>(
      std::count_if(story.plot.events.begin(), story.plot.events.end(),
                    [&](const Event& event) { return event.at >= from - kInterval && event.at < to; }));
}

// Those that send serials, each at its own time: assignments and questions.
constexpr size_t kSplittingLanes = 2;

// A rejected batch may be split until the serials that Apple rejects are isolated.
size_t splitting(const Story& story) {
  size_t most = 1;
  for (const Event& event : story.plot.events) most = std::max(most, event.serials.size());
  most = std::max(most, static_cast<size_t>(story.plot.devices));
  return 2 * static_cast<size_t>(std::ceil(std::log2(static_cast<double>(most) + 1))) + 1;
}

std::string at(const Outcome& outcome, Time time) {
  return " from minute " +
         std::to_string(std::chrono::duration_cast<std::chrono::minutes>(time - outcome.begin).count());
}

}  // namespace

Complaint no_storm(const Story& story, const Outcome& outcome, const Outcome&) {
  if (outcome.has_spun) return "the server was due again at once, without end";
  std::vector<const Call*> calls, failed;
  std::optional<Time> begin_of_fault;
  for (const Call& call : outcome.calls) {
    if (call.at >= outcome.healthy_at) continue;
    if (!call.by_operator) calls.push_back(&call);
    if (call.spoilt && !begin_of_fault) begin_of_fault = call.at;
    if (call.failed && !call.by_operator) failed.push_back(&call);
  }
  if (!begin_of_fault) return std::nullopt;

  // A minute, once the fault has lasted for one. Good calls of what happens meanwhile do not count.
  const size_t allowed = kMostAMinute + pages(story) + kSplittingLanes * splitting(story);
  for (size_t begin = 0, end = 0; begin < calls.size(); ++begin) {
    if (calls[begin]->at < *begin_of_fault + 1min) continue;
    end = std::max(end, begin);
    while (end < calls.size() && calls[end]->at < calls[begin]->at + 1min) ++end;
    if (end - begin > allowed) {
      const Millis from = calls[begin]->at - outcome.begin;
      if (end - begin <= allowed + 10 * events_in(story, from, from + 1min)) continue;
      return std::to_string(end - begin) + " calls in a minute" + at(outcome, calls[begin]->at);
    }
  }

  // An hour, by what fails.
  std::map<std::string, std::vector<Time>> by_name;
  for (const Call* call : failed) by_name[call->name].push_back(call->at);
  for (const auto& [name, times] : by_name)
    for (size_t begin = 0, end = 0; begin < times.size(); ++begin) {
      end = std::max(end, begin);
      while (end < times.size() && times[end] < times[begin] + 1h) ++end;
      const bool is_first = times[begin] < times.front() + 1h;
      const Millis from = times[begin] - outcome.begin;
      // Each operator's intent and each arrival is an attempt of its own, and so is what an hour's splitting
      // costs.
      const size_t most = (is_first ? kMostInFirstHour : kMostInLaterHour) +
                          6 * events_in(story, from, from + 1h) + 4 * splitting(story);
      if (end - begin > most)
        return std::to_string(end - begin) + " calls of " + name + " that fail in an hour" +
               at(outcome, times[begin]);
    }
  return std::nullopt;
}

}  // namespace muster::explore
