// What the server's coroutines begin and wait for beside a socket. Asio is slow to compile where these are instantiated, so
// that is done in coroutine.cc alone.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/threads/contain.h"
#include "base/threads/worker_pool.h"

namespace boost::asio {
class io_context;
}

namespace muster::http {

using boost::asio::awaitable;

/// Runs it on the thread of `io`. It must not throw.
void spawn(boost::asio::io_context& io, awaitable<void> coroutine);
/// The same, on the thread of the coroutine that awaits this.
awaitable<void> spawn_beside(awaitable<void> coroutine);

awaitable<void> pause_for(std::chrono::milliseconds duration);

/// Has a worker call fn(), which must not throw, and goes on behind it, on the coroutine's own thread.
awaitable<void> call_on(WorkerPool& pool, std::function<void()> fn);

/// The same; gives what fn() gives, or throws when it threw.
template <class T>
awaitable<T> result_on(WorkerPool& pool, std::function<T()> fn) {
  // Shared: the worker may still be at it when the coroutine is gone.
  const auto result = std::make_shared<std::optional<T>>();
  std::function<void()> work = [result, fn = std::move(fn)] {
    (void)contain(Place::handler, [&] { result->emplace(fn()); });
  };
  co_await call_on(pool, std::move(work));
  if (!*result) throw std::runtime_error("there is no answer");
  co_return *std::move(*result);
}

}  // namespace muster::http
