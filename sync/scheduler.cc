#include "sync/scheduler.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
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

void Scheduler::request(AccountId account) {
  slots_.with([&](auto& slots) {
    Slot& slot = slots[account];
    if (slot.running)
      slot.again = true;
    else
      slot.next_due = clock_.now();
  });
  waker_.wake();
}

void Scheduler::dispatch() {
  while (!stopping_.stop_requested()) {
    const Time now = clock_.now();
    Time wake_at = now + kIdle;
    std::vector<AccountId> due;
    slots_.with([&](auto& slots) {
      for (auto& [account, slot] : slots) {
        if (slot.running || !slot.next_due) continue;
        if (*slot.next_due <= now) {
          slot.running = true;
          due.push_back(account);
        } else {
          wake_at = std::min(wake_at, *slot.next_due);
        }
      }
    });
    for (const AccountId account : due) pool_->post([this, account] { work(account); });
    clock_.wait(waker_, wake_at);
  }
}

void Scheduler::work(AccountId account) {
  std::optional<Time> next;
  if (!stopping_.stop_requested()) {
    next = job_(account, stopping_.get_token(),
                [this, account] { return slots_.with([&](auto& slots) { return slots[account].again; }); });
  }
  slots_.with([&](auto& slots) {
    Slot& slot = slots[account];
    slot.running = false;
    slot.next_due = slot.again ? clock_.now() : next;
    slot.again = false;
  });
  waker_.wake();
}

}  // namespace muster::sync
