#include "sync/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/os/kill_point.h"
#include "base/threads/background.h"
#include "base/threads/contain.h"
#include "base/time/backoff.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// With nothing scheduled, look again after this long; only requests, which wake, make anything due sooner.
constexpr Millis kIdle = 24h;
// When a run could not even be begun, for want of memory.
constexpr Millis kBeginAgain = 1s;
// Threads for each worker: one for it, one for slow lanes, one for those that run slow just now.
constexpr size_t kThreadsPerWorker = 3;

bool is_jump(Millis moved) { return std::chrono::abs(moved) >= Scheduler::kClockJump; }

// Tickets are even, but odd when they are for the full list.
bool is_full(Scheduler::Ticket ticket) { return ticket % 2 == 1; }

std::string_view name_of(Lane lane) {
  switch (lane) {
    case Lane::changes: return "changes";
    case Lane::full_list: return "full_list";
    case Lane::questions: return "questions";
    case Lane::assignment: return "assignment";
  }
  return "?";
}

std::string name_of(AccountId account, Lane lane) {
  return "account #" + std::to_string(static_cast<long long>(account)) + ", lane " +
         std::string(name_of(lane));
}

}  // namespace

Scheduler::Scheduler(Clock& clock, size_t workers, Work work, Hooks hooks)
    : clock_(clock),
      workers_(workers),
      work_(std::move(work)),
      hooks_(std::move(hooks)),
      offset_(clock.moment().offset()),
      threads_(workers * kThreadsPerWorker) {
  dispatcher_ = std::thread([this] { dispatch(); });
}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
  if (!dispatcher_.joinable()) return;
  stopping_.request_stop();
  waker_.wake();
  dispatcher_.join();
  threads_.join();
}

void Scheduler::make_due(Slot& slot, Tick at) { slot.next_due = std::min(slot.next_due.value_or(at), at); }

void Scheduler::run_again(Slot& slot, bool full, Ticket ticket) {
  slot.asked = true;
  slot.full = slot.full || full;
  slot.wanted = std::max(slot.wanted, ticket);
  if (!slot.running) make_due(slot, clock_.steady());
}

void Scheduler::add(AccountId account) {
  {
    std::lock_guard lock(mutex_);
    for (Slot& slot : accounts_[account].lanes)
      if (!slot.running) make_due(slot, clock_.steady());
  }
  waker_.wake();
}

Scheduler::Ticket Scheduler::request(AccountId account, bool full) {
  Ticket ticket;
  {
    std::lock_guard lock(mutex_);
    Slots& slots = accounts_[account];
    ticket = 2 * ++slots.tickets + (full ? 1 : 0);
    run_again(slots.of(Lane::changes), full, ticket);
    if (full && !slots.retired) run_again(slots.of(Lane::full_list), full, ticket);
  }
  waker_.wake();
  return ticket;
}

void Scheduler::wake(AccountId account, Lane lane) {
  {
    std::lock_guard lock(mutex_);
    const auto found = accounts_.find(account);
    if (found == accounts_.end() || found->second.retired) return;
    Slot& slot = found->second.of(lane);
    if (slot.running)
      slot.woken = true;
    else
      make_due(slot, std::max(clock_.steady(), slot.not_before));
  }
  waker_.wake();
}

void Scheduler::restart(AccountId account) {
  std::vector<std::stop_source> under_way;
  under_way.reserve(kLanes.size());
  {
    std::lock_guard lock(mutex_);
    Slots& slots = accounts_[account];
    for (const Lane lane : kLanes) {
      Slot& slot = slots.of(lane);
      // No source yet when the run is yet to begin: it will see the change.
      if (slot.running) under_way.push_back(slot.stop);
      if (!slots.retired || lane == Lane::changes) run_again(slot, false, 0);
    }
  }
  waker_.wake();
  for (auto& stop : under_way) stop.request_stop();
}

void Scheduler::retire(AccountId account) {
  {
    std::lock_guard lock(mutex_);
    Slots& slots = accounts_[account];
    slots.retired = true;
    for (const Lane lane : kLanes)
      if (lane != Lane::changes) slots.of(lane).next_due.reset();
  }
  restart(account);
}

bool Scheduler::is_idle(const Slots& slots, bool with_full_list) const {
  if (slots.closing) return false;
  const Tick now = clock_.steady();
  return std::none_of(kLanes.begin(), kLanes.end(), [&](Lane lane) {
    const Slot& slot = slots.of(lane);
    const bool counts = with_full_list || lane != Lane::full_list;
    return counts && (slot.running || (slot.next_due && *slot.next_due <= now));
  });
}

bool Scheduler::await(AccountId account, Ticket ticket, std::chrono::milliseconds limit,
                      std::stop_token stop) {
  const bool full = is_full(ticket);
  std::unique_lock lock(mutex_);
  return run_ended_.wait_for(lock, stop, limit, [&] {
    const auto found = accounts_.find(account);
    if (found == accounts_.end()) return true;  // one that is gone has no more runs
    const Slots& slots = found->second;
    return slots.of(Lane::changes).ended >= ticket && (!full || slots.of(Lane::full_list).ended >= ticket) &&
           is_idle(slots, full);
  });
}

Scheduler::Status Scheduler::status(AccountId account) const {
  std::lock_guard lock(mutex_);
  Status status;
  const auto found = accounts_.find(account);
  if (found == accounts_.end()) return status;
  const Moment now = clock_.moment();
  status.running = found->second.closing;
  for (const Lane lane : kLanes) {
    const Slot& slot = found->second.of(lane);
    LaneStatus& shown = status.lanes[static_cast<size_t>(lane)];
    shown.running = slot.running;
    status.running = status.running || slot.running;
    if (!slot.next_due) continue;
    shown.next_due = now.wall_at(*slot.next_due);
    status.next_due = std::min(status.next_due.value_or(*shown.next_due), *shown.next_due);
  }
  return status;
}

bool Scheduler::may_begin(const Slots& slots, Lane lane) const {
  if (slots.closing) return false;
  if (!slots.retired) return true;
  return lane == Lane::changes &&
         std::none_of(slots.lanes.begin(), slots.lanes.end(), [](const Slot& slot) { return slot.running; });
}

Tick Scheduler::begin_due(std::vector<Key>& begun) {
  const Tick now = clock_.steady();
  Tick look_again = now + kIdle;
  const auto look_by = [&](Tick at) { look_again = std::min(look_again, at); };
  size_t running = 0, slow = 0, quick = 0;
  std::vector<std::pair<Tick, Key>> due;
  for (const auto& [account, slots] : accounts_) {
    for (const Lane lane : kLanes) {
      const Slot& slot = slots.of(lane);
      if (slot.running) {
        ++running;
        const bool is_slow = slot.slow || now - slot.began >= kSlow;
        ++(is_slow ? slow : quick);
        if (!is_slow) look_by(slot.began + kSlow);
      } else if (!slot.next_due) {
        continue;
      } else if (*slot.next_due > now) {
        look_by(*slot.next_due);
      } else if (may_begin(slots, lane)) {
        due.emplace_back(*slot.next_due, Key(account, lane));
      }
      look_by(now + kClockCheck);  // as something is scheduled
    }
  }
  std::sort(due.begin(), due.end());  // who has waited longest
  begun.reserve(due.size());          // below nothing throws: what is marked as begun is begun
  for (const auto& [since, key] : due) {
    Slot& slot = accounts_.find(key.first)->second.of(key.second);
    size_t& busy = slot.slow ? slow : quick;
    if (busy >= workers_ || running >= workers_ * kThreadsPerWorker) continue;
    ++busy;
    ++running;
    slot.running = true;
    slot.next_due.reset();
    slot.began = now;
    if (!slot.slow) look_by(now + kSlow);
    begun.push_back(key);
  }
  return look_again;
}

void Scheduler::dispatch() {
  while (!stopping_.stop_requested()) {
    const auto look_again = contain(Place::run, [this] { return look(); });
    clock_.wait(waker_, look_again.value_or(clock_.steady() + kBeginAgain));
  }
}

Tick Scheduler::look() {
  notice_jump();
  std::vector<Key> begun;
  Tick look_again;
  {
    std::lock_guard lock(mutex_);
    look_again = begin_due(begun);
  }
  for (const Key& key : begun) {
    const auto posted = contain(Place::run, [&] { threads_.post([this, key] { work(key); }); });
    if (posted) continue;
    give_back(key);
    look_again = std::min(look_again, clock_.steady() + kBeginAgain);
  }
  return look_again;
}

void Scheduler::notice_jump() {
  const Millis offset = clock_.moment().offset();
  const Millis moved = offset - offset_;
  if (!is_jump(moved)) return;
  offset_ = offset;
  if (hooks_.clock_jumped) (void)contain(Place::run, [&] { hooks_.clock_jumped(moved); });
}

// A run that could not begin. Who asked for it is served by the next one.
void Scheduler::give_back(Key key) {
  std::lock_guard lock(mutex_);
  Slots& slots = accounts_.find(key.first)->second;
  Slot& slot = slots.of(key.second);
  slot.running = false;
  if (!slots.retired || key.second == Lane::changes) make_due(slot, clock_.steady() + kBeginAgain);
}

Scheduler::Begun Scheduler::begin_run(Key key) {
  std::stop_source stop;
  std::lock_guard lock(mutex_);
  Slot& slot = accounts_.find(key.first)->second.of(key.second);
  slot.stop = stop;
  slot.woken = false;
  RunRequest run{.asked = std::exchange(slot.asked, false),
                 .full = std::exchange(slot.full, false),
                 .stop = stop.get_token()};
  return {.run = std::move(run), .stop = std::move(stop), .serves = slot.wanted, .at = clock_.moment()};
}

void Scheduler::work(Key key) {
  work_in_background();
  const auto [account, lane] = key;
  auto begun = contain(Place::run, [&] { return begin_run(key); });
  if (!begun) {
    give_back(key);
    waker_.wake();
    return;
  }
  const std::stop_callback with_all(stopping_.get_token(), [&] { begun->stop.request_stop(); });
  Result<std::optional<Time>> next;
  if (!begun->run.stop.stop_requested()) {
    const auto go = [&, id = account, which = lane] {
      kill_point("run");
      return work_(id, which, begun->run);
    };
    next = contain(Place::run, go, [&, id = account, which = lane] { return name_of(id, which); });
  }

  bool rests;
  {
    std::lock_guard lock(mutex_);
    Slots& slots = accounts_.find(account)->second;
    end_run(slots, lane, *begun, next);
    rests = hooks_.on_idle && !slots.retired && !stopping_.stop_requested() && is_idle(slots, true);
    slots.closing = rests;
    forget_if_done(account);
  }
  if (rests) {
    (void)contain(Place::run, [&, id = account] { hooks_.on_idle(id); });
    std::lock_guard lock(mutex_);
    accounts_.find(account)->second.closing = false;
    forget_if_done(account);  // retired meanwhile
  }
  run_ended_.notify_all();
  waker_.wake();
}

void Scheduler::end_run(Slots& slots, Lane lane, const Begun& begun,
                        const Result<std::optional<Time>>& next) {
  Slot& slot = slots.of(lane);
  const Moment now = clock_.moment();
  slot.running = false;
  slot.slow = now.tick - slot.began >= kSlow;
  slot.stop = std::stop_source(std::nostopstate);
  slot.ended = begun.serves;
  slot.failures = next ? 0 : slot.failures + 1;
  slot.not_before = next ? Tick() : now.tick + account_wait(slot.failures);
  // A time that may have been reckoned before the wall clock was set cannot be trusted: the lane sees for
  // itself.
  const bool was_set = is_jump(now.offset() - begun.at.offset());
  if (!next)
    make_due(slot, slot.not_before);
  else if (*next)
    make_due(slot, was_set ? now.tick : now.tick_at(**next));
  if (slot.woken) make_due(slot, std::max(now.tick, slot.not_before));
  if (slot.asked) make_due(slot, now.tick);
  if (!next) {  // what was asked of it is still to be done
    slot.asked = slot.asked || begun.run.asked;
    slot.full = slot.full || begun.run.full;
  }
  if (slots.retired && lane != Lane::changes) slot.next_due.reset();
}

void Scheduler::forget_if_done(AccountId account) {
  const auto found = accounts_.find(account);
  const Slots& slots = found->second;
  const bool is_done = std::none_of(slots.lanes.begin(), slots.lanes.end(),
                                    [](const Slot& slot) { return slot.running || slot.next_due; });
  if (slots.retired && !slots.closing && is_done) accounts_.erase(found);
}

}  // namespace muster::sync
