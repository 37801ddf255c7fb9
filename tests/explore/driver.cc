#include "tests/explore/driver.h"

#include <algorithm>

namespace muster::explore {
namespace {

// Runs at one moment. Each lane may wake each other, a backfill takes a run for each batch, and so on.
constexpr int kMostTurnsAtOnce = 200;

}  // namespace

Driver::Driver(ManualClock& clock, std::span<const Lane> lanes, Run run)
    : clock_(clock), run_(std::move(run)) {
  for (const Lane lane : lanes) slots_[lane];
}

void Driver::start() {
  for (auto& [lane, slot] : slots_) slot = {.due = clock_.now()};
}

void Driver::wake(Lane lane) {
  if (const auto found = slots_.find(lane); found != slots_.end()) found->second.due = clock_.now();
}

void Driver::ask(bool full) {
  for (const Lane lane : {Lane::changes, Lane::full_list}) {
    if (lane == Lane::full_list && !full) continue;
    slots_[lane] = {.due = clock_.now(), .asked = true, .full = full};
  }
}

std::optional<Lane> Driver::first_due(Time until) const {
  std::optional<Lane> first;
  for (const auto& [lane, slot] : slots_)
    if (slot.due && *slot.due <= until && (!first || *slot.due < *slots_.at(*first).due)) first = lane;
  return first;
}

void Driver::run_until(Time end, const std::function<void()>& after_run) {
  Time moment = clock_.now();
  for (int turns = 0; const auto lane = first_due(end);) {
    Slot& slot = slots_.at(*lane);
    if (*slot.due > clock_.now()) clock_.advance(*slot.due - clock_.now());
    turns = clock_.now() == moment ? turns + 1 : 0;
    moment = clock_.now();
    if (turns > kMostTurnsAtOnce) {
      has_spun_ = true;
      slot.due = moment + std::chrono::minutes(1);
      continue;
    }
    const sync::RunRequest run{.asked = slot.asked, .full = slot.full, .stop = stop_.get_token()};
    slot = {};
    const auto next = run_(*lane, run);
    if (next && (!slot.due || *next < *slot.due)) slot.due = next;
    if (after_run) after_run();
  }
  if (clock_.now() < end) clock_.advance(end - clock_.now());
}

}  // namespace muster::explore
