#include "http/server/coroutine.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace muster::http {

namespace net = boost::asio;

void spawn(net::io_context& io, awaitable<void> coroutine) {
  net::co_spawn(net::any_io_executor(io.get_executor()), std::move(coroutine), net::detached);
}

awaitable<void> spawn_beside(awaitable<void> coroutine) {
  const auto executor = co_await net::this_coro::executor;
  net::co_spawn(executor, std::move(coroutine), net::detached);
}

awaitable<void> pause_for(std::chrono::milliseconds duration) {
  const auto executor = co_await net::this_coro::executor;
  net::steady_timer timer(executor, duration);
  co_await timer.async_wait(net::as_tuple(net::use_awaitable));
}

awaitable<void> call_on(WorkerPool& pool, std::function<void()> fn) {
  auto start = [&pool](auto done, std::function<void()> work) {
    // std::function must be copied, and what Asio gives cannot be.
    auto shared = std::make_shared<decltype(done)>(std::move(done));
    pool.post([shared, work = std::move(work)]() mutable {
      work();
      work = nullptr;  // what it holds goes before the coroutine goes on
      auto executor = net::get_associated_executor(*shared);
      net::post(executor, [shared] { std::move (*shared)(); });
    });
  };
  co_await net::async_initiate<const net::use_awaitable_t<>&, void()>(std::move(start), net::use_awaitable,
                                                                      std::move(fn));
}

}  // namespace muster::http
