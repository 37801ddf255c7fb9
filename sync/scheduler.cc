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
  running_.reserve(workers * kThreadsPerWorker);
  dispatcher_ = std::thread([this] { dispatch(); });
}

Scheduler::Scheduler(Clock& clock, size_t workers, Work work)
    : Scheduler(clock, workers, std::move(work), Hooks{}) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
  if (!dispatcher_.joinable()) return;
  stopping_.request_stop();
  waker_.wake();
  dispatcher_.join();
  threads_.join();
}

Scheduler::Slots& Scheduler::slots_of(AccountId account) {
  if (const auto found = accounts_.find(account); found != accounts_.end()) return found->second;
  Slots slots;
  for (const Lane lane : kLanes) {
    Slot& slot = slots.of(lane);
    slot.key = {account, lane};
    slot.node = due_.extract(due_.emplace(Tick::max(), slot.key).first);
  }
  return accounts_.emplace(account, std::move(slots)).first->second;
}

void Scheduler::set_due(Slot& slot, std::optional<Tick> at) {
  if (slot.next_due == at) return;
  if (slot.next_due) slot.node = due_.extract({*slot.next_due, slot.key});
  if (at) {
    slot.node.value().first = *at;
    due_.insert(std::move(slot.node));
  }
  slot.next_due = at;
}

void Scheduler::make_due(Slot& slot, Tick at) {
  if (!slot.next_due || at < *slot.next_due) set_due(slot, at);
}

// Without those that are yet to begin: they will see what changed.
std::vector<std::stop_source> Scheduler::runs_of(Slots& slots) {
  std::vector<std::stop_source> runs;
  for (const Slot& slot : slots.lanes)
    if (slot.running) runs.push_back(slot.stop);
  return runs;
}

void Scheduler::run_again(Slot& slot, bool full, Ticket ticket) {
  slot.asked = true;
  slot.full = slot.full || full;
  slot.wanted = std::max(slot.wanted, ticket);
  if (!slot.running) make_due(slot, clock_.steady());
}

void Scheduler::add(AccountId account) {
  {
    std::lock_guard lock(mutex_);
    Slots& slots = slots_of(account);
    const bool was_dropped = std::exchange(slots.dropped, false);
    for (Slot& slot : slots.lanes) {
      if (!slot.running)
        make_due(slot, clock_.steady());
      else if (was_dropped)
        slot.woken = true;
    }
  }
  waker_.wake();
}

void Scheduler::drop(AccountId account) {
  std::vector<std::stop_source> runs;
  {
    std::lock_guard lock(mutex_);
    const auto found = accounts_.find(account);
    if (found == accounts_.end()) return;
    found->second.dropped = true;
    for (Slot& slot : found->second.lanes) set_due(slot, std::nullopt);
    runs = runs_of(found->second);
    forget_if_done(account);
  }
  for (auto& run : runs) run.request_stop();
  run_ended_.notify_all();
}

std::vector<AccountId> Scheduler::running() const {
  std::lock_guard lock(mutex_);
  std::vector<AccountId> accounts;
  for (const Key& key : running_) accounts.push_back(key.first);
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  return accounts;
}

bool Scheduler::is_forgotten(AccountId account) const {
  std::lock_guard lock(mutex_);
  return !accounts_.contains(account);
}

Scheduler::Queue Scheduler::queue() const {
  const std::lock_guard lock(mutex_);
  Queue queue;
  for (const auto& [account, lane] : running_) ++queue.running[static_cast<size_t>(lane)];
  const Tick now = clock_.steady();
  for (auto at = due_.begin(); at != due_.end() && at->first <= now; ++at)
    ++queue.waiting[static_cast<size_t>(at->second.second)];
  return queue;
}

Scheduler::Ticket Scheduler::request(AccountId account, bool full) {
  Ticket ticket;
  {
    std::lock_guard lock(mutex_);
    Slots& slots = slots_of(account);
    ticket = 2 * ++slots.tickets + (full ? 1 : 0);
    if (slots.dropped) return ticket;
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
    if (found == accounts_.end() || found->second.retired || found->second.dropped) return;
    Slot& slot = found->second.of(lane);
    if (slot.running)
      slot.woken = true;
    else
      make_due(slot, std::max(clock_.steady(), slot.not_before));
  }
  waker_.wake();
}

void Scheduler::restart(AccountId account) {
  std::vector<std::stop_source> runs;
  {
    std::lock_guard lock(mutex_);
    Slots& slots = slots_of(account);
    if (slots.dropped) return;
    runs = runs_of(slots);
    for (const Lane lane : kLanes)
      if (!slots.retired || lane == Lane::changes) run_again(slots.of(lane), false, 0);
  }
  waker_.wake();
  for (auto& run : runs) run.request_stop();
}

void Scheduler::retire(AccountId account) {
  {
    std::lock_guard lock(mutex_);
    Slots& slots = slots_of(account);
    slots.retired = true;
    slots.dropped = false;
    for (const Lane lane : kLanes)
      if (lane != Lane::changes) set_due(slots.of(lane), std::nullopt);
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
  std::unique_lock lock(mutex_);
  return run_ended_.wait_for(lock, stop, limit, [&] {
    const auto found = accounts_.find(account);
    if (found == accounts_.end()) return true;  // one that is gone has no more runs
    const Slots& slots = found->second;
    const Slot& changes = slots.of(Lane::changes);
    const bool full = is_full(ticket);
    if (changes.ended < ticket || (full && slots.of(Lane::full_list).ended < ticket)) return false;
    const bool has_no_cursor = !changes.next_due;  // the full list gives it one, and wakes it
    return is_idle(slots, full || has_no_cursor);
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
  if (slots.closing || slots.dropped) return false;
  if (!slots.retired) return true;
  return lane == Lane::changes &&
         std::none_of(slots.lanes.begin(), slots.lanes.end(), [](const Slot& slot) { return slot.running; });
}

Tick Scheduler::begin_due(std::vector<Key>& begun) {
  const Tick now = clock_.steady();
  Tick look_again = now + kIdle;
  const auto look_by = [&](Tick at) { look_again = std::min(look_again, at); };
  const auto slot_of = [&](const Key& key) -> Slot& {
    return accounts_.find(key.first)->second.of(key.second);
  };
  if (!due_.empty() || !running_.empty()) look_by(now + kClockCheck);
  begun.reserve(running_.capacity());  // below nothing throws: what is marked as begun is begun
  size_t slow = 0, quick = 0;
  for (const Key& key : running_) {
    const Slot& slot = slot_of(key);
    const bool is_slow = slot.slow || now - slot.began >= kSlow;
    ++(is_slow ? slow : quick);
    if (!is_slow) look_by(slot.began + kSlow);
  }
  const auto has_room = [&](bool is_slow) {
    return (is_slow ? slow : quick) < workers_ && slow + quick < workers_ * kThreadsPerWorker;
  };
  // In order of time: who has waited longest is the first.
  for (auto next = due_.begin(); next != due_.end() && (has_room(true) || has_room(false));) {
    const auto [at, key] = *next;
    if (at > now) break;
    ++next;  // it may go
    Slot& slot = slot_of(key);
    if (!has_room(slot.slow) || !may_begin(accounts_.find(key.first)->second, key.second)) continue;
    begun.push_back(key);
    running_.push_back(key);
    ++(slot.slow ? slow : quick);
    slot.running = true;
    set_due(slot, std::nullopt);
    slot.began = now;
    if (!slot.slow) look_by(now + kSlow);
  }
  if (const auto later = due_.lower_bound({now + Millis(1), Key{}}); later != due_.end())
    look_by(later->first);
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
  std::erase(running_, key);
  const bool runs_again = !slots.dropped && (!slots.retired || key.second == Lane::changes);
  if (runs_again) make_due(slot, clock_.steady() + kBeginAgain);
  forget_if_done(key.first);
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
    rests = hooks_.on_idle && !slots.retired && !slots.dropped && !stopping_.stop_requested() &&
            is_idle(slots, true);
    slots.closing = rests;
    forget_if_done(account);
  }
  if (rests) {
    (void)contain(Place::run, [&, id = account] { hooks_.on_idle(id); });
    std::lock_guard lock(mutex_);
    accounts_.find(account)->second.closing = false;
    forget_if_done(account);  // retired or dropped meanwhile
  }
  run_ended_.notify_all();
  waker_.wake();
  if (hooks_.run_ended) (void)contain(Place::run, [&, id = account] { hooks_.run_ended(id); });
}

void Scheduler::end_run(Slots& slots, Lane lane, const Begun& begun,
                        const Result<std::optional<Time>>& next) {
  Slot& slot = slots.of(lane);
  const Moment now = clock_.moment();
  slot.running = false;
  std::erase(running_, slot.key);
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
  if (slots.dropped || (slots.retired && lane != Lane::changes)) set_due(slot, std::nullopt);
}

void Scheduler::forget_if_done(AccountId account) {
  const auto found = accounts_.find(account);
  const Slots& slots = found->second;
  const bool is_done = std::none_of(slots.lanes.begin(), slots.lanes.end(),
                                    [](const Slot& slot) { return slot.running || slot.next_due; });
  if ((slots.retired || slots.dropped) && !slots.closing && is_done) accounts_.erase(found);
}

}  // namespace muster::sync
