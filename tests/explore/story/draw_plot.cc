#include "tests/explore/story/draw_plot.h"

#include <algorithm>
#include <map>

#include "tests/explore/serial_names.h"

namespace muster::explore {
namespace {

using namespace std::chrono_literals;

// So many pages that a full list takes longer than two intervals when Apple is slow.
constexpr int kLongList = 550;

constexpr const char* kMoments[] = {"baseline", "steady",     "full list", "backfill", "in flight",
                                    "looking",  "confirming", "held",      "waiting"};

// Who is where while the plot is drawn, so that every event makes sense when it comes.
class Cast {
 public:
  Cast(Dice& dice, Plot& plot) : dice_(dice), plot_(plot) {
    enter(present_, serials_of('B', 1, plot.devices), 0min);
  }

  void arrive(Millis at, Happening how, int count) {
    // Two rules tell serials with A from others.
    Serials serials = serials_of(dice_.one_in(2) ? 'A' : 'C', next_, count);
    next_ += count;
    enter(present_, serials, at);
    add({at, how, std::move(serials)});
  }

  // Something happens to some of the existing devices at that time.
  void happen(Millis at, Happening what) {
    auto& from = what == Happening::come_back ? removed_ : what == Happening::end_hold ? held_ : present_;
    Serials free;
    for (const auto& [serial, since] : from)
      if (since <= at) free.push_back(serial);
    if (free.empty()) return;
    Serials serials = dice_.take(free, dice_.between(1, 4));
    std::sort(serials.begin(), serials.end());
    for (const auto& serial : serials) from.erase(serial);
    enter(next_place(what), serials, at);
    Event event{at, what, std::move(serials)};
    if (what == Happening::assign_manually) event.profile = static_cast<int>(dice_.between(1, 3));
    add(std::move(event));
  }

  void tell(Millis at, Happening what) { add({at, what, {}}); }

 private:
  using Pool = std::map<std::string, Millis>;  // since when they are in it

  static void enter(Pool& pool, const Serials& serials, Millis at) {
    for (const auto& serial : serials) pool[serial] = at;
  }

  Pool& next_place(Happening what) {
    switch (what) {
      case Happening::remove: return removed_;
      case Happening::hold:
      case Happening::remove_profile: return held_;
      case Happening::release:
      case Happening::forget: return gone_;
      default: return present_;
    }
  }

  void add(Event event) { plot_.events.push_back(std::move(event)); }

  Dice& dice_;
  Plot& plot_;
  int next_ = 1;
  Pool present_, removed_, held_, gone_;
};

void random_event(Dice& dice, Cast& cast, Millis at) {
  switch (dice.below(26)) {
    case 0:
    case 1:
    case 2: return cast.arrive(at, Happening::arrive, static_cast<int>(dice.between(1, 12)));
    case 3: return cast.arrive(at, Happening::arrive_silently, static_cast<int>(dice.between(1, 4)));
    case 4:
    case 5: return cast.arrive(at, Happening::come_from_elsewhere, static_cast<int>(dice.between(1, 4)));
    case 6:
    case 7: return cast.happen(at, Happening::remove);
    case 8:
    case 9: return cast.happen(at, Happening::come_back);
    case 10: return cast.happen(at, Happening::release);
    case 11:
    case 12: return cast.happen(at, Happening::reassign);
    case 13: return cast.happen(at, Happening::change);
    case 14: return cast.happen(at, Happening::lose_profile);
    case 15: return cast.happen(at, Happening::throttle);
    case 16:
    case 17: return cast.happen(at, Happening::assign_manually);
    case 18: return cast.happen(at, Happening::remove_profile);
    case 19: return cast.happen(at, Happening::hold);
    case 20: return cast.happen(at, Happening::end_hold);
    case 21: return cast.tell(at, Happening::sync_now);
    case 22: return cast.tell(at, Happening::full_sync);
    case 23: return cast.tell(at, dice.one_in(2) ? Happening::change_rule : Happening::widen_rule);
    case 24: return cast.happen(at, Happening::forget);
    case 25: return cast.tell(at, dice.one_in(2) ? Happening::crash : Happening::crash_in_a_call);
  }
}

// What brings the account into the state that the moment names, around the time at which the fault comes.
void begin_moment(Dice& dice, Cast& cast, const std::string& moment) {
  const int some = static_cast<int>(dice.between(1, 12));
  if (moment == "baseline") return;
  cast.arrive(kFaultBegins - 1h, Happening::arrive, static_cast<int>(dice.between(1, 6)));
  if (moment == "steady" || moment == "in flight" || moment == "confirming" || moment == "waiting")
    cast.arrive(kFaultBegins + 1min, Happening::arrive, some);
  if (moment == "long full list") {
    cast.tell(kFaultBegins + 1min, Happening::full_sync);
    cast.arrive(kFaultBegins + 4min, Happening::arrive, some);
  }
  if (moment == "full list") {
    if (dice.one_in(2)) cast.arrive(kFaultBegins + 1min, Happening::arrive_silently, some);
    cast.tell(kFaultBegins + 2min, Happening::full_sync);
  }
  if (moment == "backfill") cast.tell(kFaultBegins + 1min, Happening::widen_rule);
  if (moment == "looking") cast.happen(kFaultBegins - 1min, Happening::lose_profile);
  if (moment == "held") {
    cast.happen(kFaultBegins - 1h + 40min, dice.one_in(2) ? Happening::hold : Happening::remove_profile);
    cast.happen(kFaultBegins + 1h, Happening::end_hold);
  }
}

}  // namespace

Story draw_plot(Dice& dice) {
  Story story;
  Plot& plot = story.plot;
  story.moment = kMoments[dice.below(std::size(kMoments))];
  plot.devices = static_cast<int>(dice.one_in(10) ? dice.between(30, 45) : dice.between(1, 16));
  plot.page_size = static_cast<int>(dice.between(5, 10));
  if (story.moment == "full list" && dice.one_in(12)) {
    story.moment = "long full list";
    plot.devices = kLongList;
    plot.page_size = 5;
  }
  plot.two_rules = dice.one_in(3);
  const size_t scope = dice.below(8);
  plot.scope = scope == 0 ? Rule::Scope::all : scope == 1 ? Rule::Scope::unassigned : Rule::Scope::arrivals;
  plot.redelivers = dice.one_in(6);

  Cast cast(dice, plot);
  begin_moment(dice, cast, story.moment);
  const Millis first = story.moment == "baseline" ? 10min : kFaultBegins - 30min;
  Millis at = first;
  for (size_t events = dice.between(1, 4); events > 0; --events) {
    // Often within one interval, sometimes at one moment.
    at += std::chrono::minutes(dice.one_in(4)   ? 0
                               : dice.one_in(2) ? dice.between(1, 25)
                                                : dice.between(26, 150));
    random_event(dice, cast, at);
  }
  std::stable_sort(plot.events.begin(), plot.events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return story;
}

}  // namespace muster::explore
