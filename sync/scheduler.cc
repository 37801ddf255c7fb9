#include "sync/scheduler.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <utility>

#include "base/background.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// With nothing due, look again after this long; only requests, which wake, make anything due sooner.
constexpr Millis kIdle = 24h;
// Threads for each worker: one for it, one for slow accounts, one for those that turn slow just now.
constexpr size_t kThreadsPerWorker = 3;

}  // namespace

class Scheduler::Pool {
 public:
  explicit Pool(size_t threads) : threads_(threads) {}
  template <class Work>
  void post(Work work) {
    boost::asio::post(threads_, std::move(work));
  }
  void join() { threads_.join(); }

 private:
  boost::asio::thread_pool threads_;
};

Scheduler::Scheduler(Clock& clock, size_t workers, Job job)
    : clock_(clock),
      workers_(workers),
      job_(std::move(job)),
      pool_(std::make_unique<Pool>(workers * kThreadsPerWorker)) {
  dispatcher_ = std::thread([this] { dispatch(); });
}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
  if (!dispatcher_.joinable()) return;
  stopping_.request_stop();
  waker_.wake();
  dispatcher_.join();
  pool_->join();
}

void Scheduler::add(AccountId account) {
  {
    std::lock_guard lock(mutex_);
    Slot& slot = slots_[account];
    if (!slot.running) slot.next_due = clock_.now();
  }
  waker_.wake();
}

std::uint64_t Scheduler::request(AccountId account, bool full) {
  std::uint64_t turn;
  {
    std::lock_guard lock(mutex_);
    Slot& slot = slots_[account];
    slot.asked = true;
    slot.full = slot.full || full;
    if (!slot.running) slot.next_due = clock_.now();
    turn = slot.started + 1;
  }
  waker_.wake();
  return turn;
}

void Scheduler::restart(AccountId account) {
  std::stop_source stop{std::nostopstate};
  {
    std::lock_guard lock(mutex_);
    Slot& slot = slots_[account];
    slot.asked = true;
    if (slot.running)
      stop = slot.stop;  // none when the turn is yet to begin: it will see the change
    else
      slot.next_due = clock_.now();
  }
  waker_.wake();
  stop.request_stop();
}

void Scheduler::retire(AccountId account) {
  {
    std::lock_guard lock(mutex_);
    slots_[account].leaving = true;
  }
  restart(account);
}

bool Scheduler::await(AccountId account, std::uint64_t turn, std::chrono::milliseconds limit,
                      std::stop_token stop) {
  std::unique_lock lock(mutex_);
  return turn_ended_.wait_for(lock, stop, limit, [&] {
    const auto slot = slots_.find(account);
    return slot == slots_.end() || slot->second.ended >= turn;  // one that is gone has no more turns
  });
}

Scheduler::Status Scheduler::status(AccountId account) const {
  std::lock_guard lock(mutex_);
  const auto slot = slots_.find(account);
  if (slot == slots_.end()) return {};
  return {slot->second.running, slot->second.next_due};
}

bool Scheduler::was_asked(AccountId account) const {
  std::lock_guard lock(mutex_);
  return slots_.at(account).asked;
}

Time Scheduler::begin_due(std::vector<AccountId>& begun) {
  const Time now = clock_.now();
  Time look_again = now + kIdle;
  size_t running = 0, slow = 0, quick = 0;
  std::vector<std::pair<Time, AccountId>> due;
  for (const auto& [account, slot] : slots_) {
    if (slot.running) {
      ++running;
      const bool is_slow = slot.slow || now - slot.began >= kSlow;
      ++(is_slow ? slow : quick);
      if (!is_slow) look_again = std::min(look_again, slot.began + kSlow);
    } else if (slot.next_due && *slot.next_due <= now) {
      due.emplace_back(*slot.next_due, account);
    } else if (slot.next_due) {
      look_again = std::min(look_again, *slot.next_due);
    }
  }
  std::sort(due.begin(), due.end());  // who has waited longest
  for (const auto& [since, account] : due) {
    Slot& slot = slots_[account];
    size_t& lane = slot.slow ? slow : quick;
    if (lane >= workers_ || running >= workers_ * kThreadsPerWorker) continue;
    ++lane;
    ++running;
    slot.running = true;
    slot.began = now;
    if (!slot.slow) look_again = std::min(look_again, now + kSlow);
    begun.push_back(account);
  }
  return look_again;
}

void Scheduler::dispatch() {
  while (!stopping_.stop_requested()) {
    std::vector<AccountId> begun;
    Time look_again;
    {
      std::lock_guard lock(mutex_);
      look_again = begin_due(begun);
    }
    for (const AccountId account : begun) pool_->post([this, account] { work(account); });
    clock_.wait(waker_, look_again);
  }
}

void Scheduler::work(AccountId account) {
  work_in_background();
  std::stop_source stop{std::nostopstate};
  Turn turn{.stop = {}, .interrupted = [this, account] { return was_asked(account); }};
  {
    std::lock_guard lock(mutex_);
    Slot& slot = slots_[account];
    ++slot.started;
    stop = slot.stop = std::stop_source();
    turn.stop = stop.get_token();
    turn.asked = std::exchange(slot.asked, false);
    turn.full = std::exchange(slot.full, false);
  }
  const std::stop_callback with_all(stopping_.get_token(), [&] { stop.request_stop(); });
  std::optional<Time> next;
  if (!turn.stop.stop_requested()) next = job_(account, turn);
  {
    std::lock_guard lock(mutex_);
    Slot& slot = slots_[account];
    slot.running = false;
    slot.slow = clock_.now() - slot.began >= kSlow;
    slot.stop = std::stop_source(std::nostopstate);
    slot.next_due = slot.asked ? clock_.now() : next;
    slot.ended = slot.started;
    if (slot.leaving && !slot.next_due) slots_.erase(account);
  }
  turn_ended_.notify_all();
  waker_.wake();
}

}  // namespace muster::sync
