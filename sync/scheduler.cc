#include "sync/scheduler.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <utility>
#include <vector>

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// With nothing due, look again after this long; only requests, which wake, make anything due sooner.
constexpr Millis kIdle = 24h;

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
    : clock_(clock), job_(std::move(job)), pool_(std::make_unique<Pool>(workers)) {
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

void Scheduler::dispatch() {
  while (!stopping_.stop_requested()) {
    const Time now = clock_.now();
    Time wake_at = now + kIdle;
    std::vector<AccountId> due;
    {
      std::lock_guard lock(mutex_);
      for (auto& [account, slot] : slots_) {
        if (slot.running || !slot.next_due) continue;
        if (*slot.next_due <= now) {
          slot.running = true;
          due.push_back(account);
        } else {
          wake_at = std::min(wake_at, *slot.next_due);
        }
      }
    }
    for (const AccountId account : due) pool_->post([this, account] { work(account); });
    clock_.wait(waker_, wake_at);
  }
}

void Scheduler::work(AccountId account) {
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
    slot.stop = std::stop_source(std::nostopstate);
    slot.next_due = slot.asked ? clock_.now() : next;
    slot.ended = slot.started;
    if (slot.leaving && !slot.next_due) slots_.erase(account);
  }
  turn_ended_.notify_all();
  waker_.wake();
}

}  // namespace muster::sync
