#include "base/threads/worker_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace muster {

WorkerPool::WorkerPool(size_t most, std::function<void()> begin) : most_(most), begin_(std::move(begin)) {}

WorkerPool::~WorkerPool() { join(); }

void WorkerPool::post(std::function<void()> work) {
  std::lock_guard lock(mutex_);
  if (is_over_) return;
  collect_ended();
  if (free_ <= queue_.size() && threads_.size() < most_) {
    try {
      threads_.emplace_back([this] { run(); });
    } catch (const std::system_error&) {  // the machine's limit: those that are there do it
      if (threads_.empty()) throw;
    }
  }
  queue_.push_back(std::move(work));
  there_is_work_.notify_one();
}

void WorkerPool::join() {
  std::vector<std::jthread> threads;
  {
    std::lock_guard lock(mutex_);
    is_over_ = true;
    threads.swap(threads_);
  }
  there_is_work_.notify_all();
}

void WorkerPool::run() {
  if (begin_) begin_();
  std::unique_lock lock(mutex_);
  for (;;) {
    ++free_;
    const bool is_there =
        there_is_work_.wait_for(lock, kRest, [this] { return is_over_ || !queue_.empty(); });
    --free_;
    if (queue_.empty() && (is_over_ || !is_there)) break;
    const auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
  ended_.insert(std::this_thread::get_id());
}

void WorkerPool::collect_ended() {
  std::erase_if(threads_, [this](const std::jthread& thread) { return ended_.erase(thread.get_id()) > 0; });
}

}  // namespace muster
