#include "tests/explore/story/story.h"

#include <algorithm>
#include <map>

namespace muster::explore {

bool stops_the_account(const Story& story) {
  return std::any_of(story.faults.begin(), story.faults.end(), [](const Fault& fault) {
    return fault.call == "session" || fault.call == "account" || fault.call == "every call" ||
           is_about_the_account(fault.answer);
  });
}

Millis end_of_trouble(const Story& story) {
  Millis end{};
  for (const Event& event : story.plot.events) end = std::max(end, event.at);
  for (const Fault& fault : story.faults) end = std::max(end, fault.begin + fault.length);
  return end;
}

std::set<std::string> brief_devices(const Story& story) {
  constexpr Millis kClocksAgree =
      std::chrono::seconds(2);  // about what came first, Apple's event or an operator's
  std::map<std::string, Millis> last, asked, happened;
  std::set<std::string> serials, silent;
  for (const Event& event : story.plot.events) {
    for (const auto& serial : event.serials) {
      auto& mine = is_by_operator(event.what) ? asked : happened;
      const auto& others = is_by_operator(event.what) ? happened : asked;
      mine[serial] = event.at;
      const auto other = others.find(serial);
      if (other != others.end() && event.at - other->second <= kClocksAgree) serials.insert(serial);
    }
    if (event.what > Happening::throttle && event.what != Happening::forget) continue;
    for (const auto& serial : event.serials) {
      const auto [before, is_first] = last.try_emplace(serial, event.at);
      if (!is_first && event.at - before->second < (silent.contains(serial) ? kReconcile : kPatience))
        serials.insert(serial);
      before->second = event.at;
      if (event.what == Happening::arrive_silently) silent.insert(serial);
    }
  }
  return serials;
}

}  // namespace muster::explore
