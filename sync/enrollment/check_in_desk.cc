#include "sync/enrollment/check_in_desk.h"

#include <utility>

#include "base/log/log.h"
#include "base/threads/contain.h"

namespace muster::sync {

Result<> CheckInDesk::take(const CheckIn& check_in) {
  Waiting own{.check_in = &check_in};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&own);
  changed_.wait(lock, [&] { return own.outcome || !is_storing_; });
  if (own.outcome) return *own.outcome;

  is_storing_ = true;
  const auto together = std::exchange(waiting_, {});
  lock.unlock();
  const auto outcome = contain(Place::handler, [&] {
    std::vector<CheckIn> check_ins;
    for (const auto* const each : together) check_ins.push_back(*each->check_in);
    return store_check_ins(store_, std::move(check_ins));
  });
  lock.lock();
  for (auto* const each : together) each->outcome = outcome;
  is_storing_ = false;
  changed_.notify_all();
  return outcome;
}

void CheckInDesk::refused(const std::string& reason) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_due = told_at_.with([&](auto& last) {
    if (last && now - *last < std::chrono::minutes(1)) return false;
    last = now;
    return true;
  });
  if (is_due) log::warn("enrollment.refused", {{"reason", reason}});
}

}  // namespace muster::sync
