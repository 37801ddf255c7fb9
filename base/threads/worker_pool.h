// Threads that do pieces of work in the order in which they came. One is started when work comes and none is
// free, up to a most number, and ends when nothing came for a while: a server idle has few.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace muster {

class WorkerPool {
 public:
  /// `begin` is the first thing that each thread does.
  explicit WorkerPool(size_t most, std::function<void()> begin = {});
  /// As join().
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Never waits. The work must not throw. Where no thread can be started it waits for one that is there;
  /// throws std::system_error when there is none at all, and drops it behind join().
  void post(std::function<void()> work);

  /// Does what is there, and ends. Once.
  void join();

 private:
  void run();
  void collect_ended();

  static constexpr std::chrono::seconds kRest{10};  // of a thread without work

  const size_t most_;
  const std::function<void()> begin_;
  std::mutex mutex_;
  std::condition_variable there_is_work_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::jthread> threads_;
  std::set<std::thread::id> ended_;  // of threads_, to be joined
  size_t free_ = 0;
  bool is_over_ = false;
};

}  // namespace muster
