#include "tests/explore/story/shrink.h"

#include <chrono>
#include <functional>

namespace muster::explore {
namespace {

using namespace std::chrono_literals;

// Each costs two plays. A long story is as small as it gets in that time.
constexpr int kMostAttempts = 120;
constexpr std::chrono::seconds kMostTime{5};

class Shrinking {
 public:
  Shrinking(Player& player, Story story, const Finding& finding)
      : player_(player), story_(std::move(story)), finding_(finding) {}

  Story go() {
    for (bool smaller = true; smaller && !is_over();) {
      smaller = false;
      for (size_t i = story_.faults.size(); story_.faults.size() > 1 && i-- > 0;)
        smaller |=
            attempt([&](Story& story) { story.faults.erase(story.faults.begin() + static_cast<long>(i)); });
      for (size_t i = story_.plot.events.size(); i-- > 0;)
        smaller |= attempt(
            [&](Story& story) { story.plot.events.erase(story.plot.events.begin() + static_cast<long>(i)); });
      smaller |= simplify_plot();
      for (size_t i = 0; i < story_.faults.size(); ++i) smaller |= simplify(i);
      for (size_t i = 0; i < story_.plot.events.size(); ++i)
        while (story_.plot.events[i].serials.size() > 1 &&
               attempt([&](Story& story) { story.plot.events[i].serials.pop_back(); }))
          smaller = true;
    }
    return std::move(story_);
  }

 private:
  bool simplify_plot() {
    bool smaller = false;
    if (story_.plot.two_rules) smaller |= attempt([](Story& story) { story.plot.two_rules = false; });
    if (story_.plot.redelivers) smaller |= attempt([](Story& story) { story.plot.redelivers = false; });
    if (story_.plot.scope != Rule::Scope::arrivals)
      smaller |= attempt([](Story& story) { story.plot.scope = Rule::Scope::arrivals; });
    if (story_.plot.devices > 3) smaller |= attempt([](Story& story) { story.plot.devices = 3; });
    if (story_.plot.page_size < 10) smaller |= attempt([](Story& story) { story.plot.page_size = 10; });
    return smaller;
  }

  bool simplify(size_t i) {
    bool smaller = false;
    const Fault& fault = story_.faults[i];
    if (fault.skip > 0) smaller |= attempt([&](Story& story) { story.faults[i].skip = 0; });
    if (fault.answer.has_effect)
      smaller |= attempt([&](Story& story) { story.faults[i].answer.has_effect = false; });
    if (fault.count != 1) smaller |= attempt([&](Story& story) { story.faults[i].count = 1; });
    if (fault.count > 2) smaller |= attempt([&](Story& story) { story.faults[i].count = 2; });
    if (fault.count == 0 && fault.length > 2h)
      smaller |= attempt([&](Story& story) { story.faults[i].length = story.faults[i].length / 2; });
    return smaller;
  }

  // Keeps the change when the story fails all the same. One that makes no sense any more throws, and is not
  // kept.
  bool attempt(const std::function<void(Story&)>& change) {
    if (is_over()) return false;
    ++attempts_;
    Story smaller = story_;
    change(smaller);
    try {
      const auto twin = player_.play_without_faults(smaller);
      if (!twin.refused.empty()) return false;  // an operator's intent has lost its sense
      const auto finding = judge(smaller, player_.play(smaller, twin), twin);
      if (!finding || finding->invariant != finding_.invariant) return false;
    } catch (const std::exception&) {
      return false;
    }
    story_ = std::move(smaller);
    return true;
  }

  bool is_over() const { return attempts_ >= kMostAttempts || Clock::now() - begin_ > kMostTime; }

  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin_ = Clock::now();
  Player& player_;
  Story story_;
  const Finding& finding_;
  int attempts_ = 0;
};

}  // namespace

Story shrunk(Player& player, Story story, const Finding& finding) {
  return Shrinking(player, std::move(story), finding).go();
}

}  // namespace muster::explore
