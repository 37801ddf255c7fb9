#include "tests/explore/story/play.h"

#include <algorithm>
#include <stdexcept>

#include "base/time/backoff.h"
#include "tests/explore/story/stage.h"

namespace muster::explore {
namespace {

using namespace std::chrono_literals;

constexpr Millis kAskAgain = 1h;  // an operator whose call failed
constexpr int kMostTimes = 40;
constexpr Millis kLook = 30min;      // between two samples
constexpr Millis kRecovery = 40min;  // of an account that was in trouble: two of its longest back-offs
constexpr Millis kSoon = 2h;         // what is waited for before the story may end early
// The longest spread of a reconcile interval, with the retries that may follow it (a device's longest wait is
// as long).
constexpr Millis kInTime = 28h;

const Event kSeenNewcomer{.what = Happening::arrive, .serials = {"Z01"}};
const Event kSilentNewcomer{.what = Happening::arrive_silently, .serials = {"Z02"}};

struct Due {
  Millis at{};
  size_t place = 0;  // in the plot
  int times = 0;     // that an operator has asked
};

class Play {
 public:
  Play(Store& store, long long number, const Story& story, const Outcome* twin)
      : story_(story), twin_(twin), stage_(store, number, story, twin != nullptr) {
    for (size_t i = 0; i < story.plot.events.size(); ++i) queue_.push_back({story.plot.events[i].at, i});
    sort();
  }

  Outcome go() {
    tell_events();
    wait_for_health();
    healthy_at_ = stage_.now();
    run(stage_.story_time() + kRecovery);
    for (const Event* newcomer : {&kSeenNewcomer, &kSilentNewcomer}) {
      note_unspecified(*newcomer);
      stage_.act(*newcomer);
    }
    run(stage_.story_time() + kSoon);
    if (may_end_early()) {
      stage_.act({.what = Happening::full_sync});
      run(stage_.story_time() + kSoon);
    } else {
      run(healthy_at_ - stage_.now() + stage_.story_time() + kInTime);
    }
    Outcome outcome = stage_.outcome();
    outcome.healthy_at = healthy_at_;
    outcome.samples = std::move(samples_);
    outcome.samples.push_back(stage_.sample());
    outcome.before = std::move(before_);
    outcome.refused = std::move(refused_);
    outcome.delayed = std::move(delayed_);
    outcome.unspecified = std::move(unspecified_);
    return outcome;
  }

 private:
  void sort() {
    std::stable_sort(queue_.begin(), queue_.end(), [](const Due& a, const Due& b) { return a.at < b.at; });
  }

  void run(Millis until) {
    while (stage_.story_time() < until) {
      stage_.run_until(std::min(until, stage_.story_time() + kLook));
      if (twin_) samples_.push_back(stage_.sample());
    }
  }

  void tell_events() {
    stage_.apple().on_call([this] { happen_at_apple(); });
    while (!queue_.empty()) {
      run(queue_.front().at);
      if (queue_.empty() || queue_.front().at > stage_.story_time()) continue;  // it happened within a call
      const Due due = queue_.front();
      queue_.erase(queue_.begin());
      happen(due);
    }
    stage_.apple().on_call({});
  }

  // Time passes within calls as well: what is due at Apple meanwhile happens before the next one.
  void happen_at_apple() {
    while (!queue_.empty() && queue_.front().at <= stage_.story_time() &&
           story_.plot.events[queue_.front().place].what <= Happening::throttle) {
      const Due due = queue_.front();
      queue_.erase(queue_.begin());
      happen(due);
    }
  }

  void happen(const Due& due) {
    const Event& event = story_.plot.events[due.place];
    if (due.times == 0) note_before(due.place, event);
    note_unspecified(event);
    if (due.times > 0 && is_overtaken(event)) {
      delayed_.insert(delayed_.end(), event.serials.begin(), event.serials.end());
      return;
    }
    if (stage_.act(event)) return;
    if (stage_.apple().is_dead()) {  // the operator got no answer either
      queue_.push_back({stage_.story_time() + kAskAgain, due.place, due.times + 1});
      return sort();
    }
    // What is rejected without a fault as well makes no sense. What is rejected without end is an end, too.
    const bool senseless = !twin_ || twin_->refused.contains(due.place);
    if (senseless || due.times >= kMostTimes) {
      refused_.insert(due.place);
    } else {
      queue_.push_back({stage_.story_time() + kAskAgain, due.place, due.times + 1});
      sort();
    }
    delayed_.insert(delayed_.end(), event.serials.begin(), event.serials.end());
  }

  // An operator who wanted something else of a device meanwhile does not repeat what was wanted before.
  bool is_overtaken(const Event& event) const {
    return is_by_operator(event.what) &&
           std::any_of(story_.plot.events.begin(), story_.plot.events.end(), [&](const Event& other) {
             return is_by_operator(other.what) && other.at > event.at && other.at <= stage_.story_time() &&
                    std::any_of(event.serials.begin(), event.serials.end(), [&](const auto& serial) {
                      return std::count(other.serials.begin(), other.serials.end(), serial) > 0;
                    });
           });
  }

  void note_unspecified(const Event& event) {
    if (!stage_.baseline_is_read())
      unspecified_.insert(unspecified_.end(), event.serials.begin(), event.serials.end());
  }

  void note_before(size_t place, const Event& event) {
    if (!is_by_operator(event.what)) return;
    const bool all = event.what == Happening::change_rule || event.what == Happening::widen_rule;
    before_[place] = stage_.standings(all ? stage_.all_serials() : event.serials);
  }

  void wait_for_health() {
    while (!stage_.apple().is_healthy()) run(stage_.story_time() + kLook);
    stage_.apple().heal();
  }

  // The twin always may: it is the measure. The newcomer that sync does not show is not expected yet.
  bool may_end_early() {
    if (!twin_) return true;
    if (story_.patient || stage_.sample().names_trouble || stage_.waiting() > 0) return false;
    auto now = stage_.standings(stage_.all_serials());
    const auto excuses = excused(partial(), *twin_);
    return std::all_of(now.begin(), now.end(), [&](const auto& pair) {
      const auto& [serial, standing] = pair;
      const auto twin = twin_->end.find(serial);
      return serial == kSilentNewcomer.serials[0] || excuses.contains(serial) ||
             (twin != twin_->end.end() && twin->second == standing);
    });
  }

  Outcome partial() const {
    Outcome outcome;
    outcome.before = before_;
    outcome.delayed = delayed_;
    outcome.unspecified = unspecified_;
    return outcome;
  }

  const Story& story_;
  const Outcome* const twin_;
  Stage stage_;
  std::vector<Due> queue_;
  Time healthy_at_{};
  std::vector<Sample> samples_;
  std::map<size_t, Standings> before_;
  std::set<size_t> refused_;
  Serials delayed_, unspecified_;
};

}  // namespace

Outcome Player::go(const Story& story, const Outcome* twin) {
  seed_jitter(story.seed);
  return Play(store_, ++number_, story, twin).go();
}

// The measure must be good itself, or nothing can be said of the story.
Outcome Player::play_without_faults(const Story& story) {
  Outcome twin = go(story, nullptr);
  if (const Sample& end = twin.samples.back(); end.names_trouble)
    throw std::runtime_error("without a fault: " + end.trouble);
  return twin;
}
Outcome Player::play(const Story& story, const Outcome& twin) { return go(story, &twin); }

}  // namespace muster::explore
