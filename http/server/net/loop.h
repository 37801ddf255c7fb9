// The thread for input and output, and what its coroutines wait for beside a socket (tcp.h). Asio is slow to
// compile: it is in loop.cc and tcp.cc alone.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/threads/contain.h"
#include "base/threads/worker_pool.h"
#include "http/server/net/task.h"

namespace boost::asio {
class io_context;
}

namespace muster::http {

/// What is not said to be otherwise is for the thread that runs it, or for when none does.
class Loop {
 public:
  Loop();
  /// Ends the tasks that wait.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Until stop(). What is thrown here is contained.
  void run();
  /// Any thread.
  void stop();
  /// Has run() call it. Any thread.
  void post(std::function<void()> fn);

  /// See Tasks::spawn.
  void spawn(Task<void> task) { tasks_->spawn(std::move(task)); }

  Task<void> pause(std::chrono::milliseconds duration);
  /// Has a worker call fn(), which must not throw, and goes on behind it.
  Task<void> call_on(WorkerPool& pool, std::function<void()> fn);

  /// The same; gives what fn() gives, or throws when it threw.
  template <class T>
  Task<T> result_on(WorkerPool& pool, std::function<T()> fn) {
    // Shared: the worker may still be at it when the coroutine is gone.
    const auto result = std::make_shared<std::optional<T>>();
    std::function<void()> work = [result, fn = std::move(fn)] {
      (void)contain(Place::handler, [&] { result->emplace(fn()); });
    };
    co_await call_on(pool, std::move(work));
    if (!*result) throw std::runtime_error("there is no answer");
    co_return *std::move(*result);
  }

  boost::asio::io_context& io() { return *io_; }

 private:
  const std::unique_ptr<boost::asio::io_context> io_;
  const std::unique_ptr<Tasks> tasks_ = std::make_unique<Tasks>();  // ends before io_
};

}  // namespace muster::http
