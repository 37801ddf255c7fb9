// Operations of Asio for a Task to await. Slow to compile: for loop.cc and tcp.cc.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <utility>

namespace muster::http {

using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>,
                                                boost::asio::io_context::executor_type>;

/// Awaited once: calls `start` with what is to be called at the operation's end, and goes on there. `start`
/// may throw. Must be named: g++ 12 destroys twice what is made within a co_await.
template <class Start>
class Completion {
 public:
  explicit Completion(Start start) : start_(std::move(start)) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    start_([this, awaiting](boost::system::error_code error, size_t count = 0) {
      error_ = error;
      count_ = count;
      awaiting.resume();
    });
  }
  void await_resume() const noexcept {}

  boost::system::error_code error() const { return error_; }
  size_t count() const { return count_; }  ///< of bytes

 private:
  Start start_;
  boost::system::error_code error_;
  size_t count_ = 0;
};

}  // namespace muster::http
