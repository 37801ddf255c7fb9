#include "http/server/net/loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "http/server/net/completion.h"

namespace muster::http {

namespace net = boost::asio;

Loop::Loop() : io_(std::make_unique<net::io_context>(1)) {}
Loop::~Loop() = default;

void Loop::run() {
  while (!contain(Place::handler, [this] { io_->run(); })) {
  }
}

void Loop::stop() { io_->stop(); }

void Loop::post(std::function<void()> fn) { net::post(*io_, std::move(fn)); }

Task<void> Loop::pause(std::chrono::milliseconds duration) {
  Timer timer(*io_, duration);
  Completion end([&](auto done) { timer.async_wait(std::move(done)); });
  co_await end;
}

Task<void> Loop::call_on(WorkerPool& pool, std::function<void()> fn) {
  Completion end([&](auto done) {
    pool.post([this, done, work = std::move(fn)]() mutable {
      work();
      work = nullptr;  // what it holds goes before the coroutine goes on
      post([done]() mutable { done({}); });
    });
  });
  co_await end;
}

}  // namespace muster::http
