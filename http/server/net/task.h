// Coroutines of the thread for input and output: `co_await` of a Task runs it to its end.
//
// Boost.Asio has a coroutine type, too. It takes seconds to compile in every file that has a coroutine; this
// takes none.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

namespace muster::http {

namespace detail {

struct TaskPromise {
  struct End {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      const auto waiting = ended.promise().waiting;
      return waiting ? waiting : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  End final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { thrown = std::current_exception(); }
  void rethrow() const {
    if (thrown) std::rethrow_exception(thrown);
  }

  std::coroutine_handle<> waiting;  // for its end
  std::exception_ptr thrown;
};

template <class T>
struct ValuePromise : TaskPromise {
  template <class U>
  void return_value(U&& given) {
    value.emplace(std::forward<U>(given));
  }
  T take() {
    rethrow();
    return *std::move(value);
  }
  std::optional<T> value;
};

template <>
struct ValuePromise<void> : TaskPromise {
  void return_void() const noexcept {}
  void take() const { rethrow(); }
};

}  // namespace detail

/// Begins when it is awaited, once. Gives what it returns, or throws what it throws.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type : detail::ValuePromise<T> {
    Task get_return_object() noexcept { return Task(Handle::from_promise(*this)); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  // Not by symmetric transfer: that needs stack for each task that never has to wait, where nothing is
  // optimised.
  bool await_suspend(std::coroutine_handle<> awaiting) {
    handle_.resume();
    if (handle_.done()) return false;
    handle_.promise().waiting = awaiting;
    return true;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  using Handle = std::coroutine_handle<promise_type>;
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

/// Tasks that nobody awaits. Those that are not done end with it, wherever they are.
class Tasks {
 public:
  Tasks() = default;
  ~Tasks() {
    while (!running_.empty()) running_.begin()->destroy();
  }
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  /// Runs it, up to where it waits for something. It must not throw.
  void spawn(Task<void> task) { run(*this, std::move(task)); }

 private:
  struct Root {
    struct promise_type {
      promise_type(Tasks& tasks, Task<void>&) : all(tasks.running_) { all.insert(handle()); }
      ~promise_type() { all.erase(handle()); }
      promise_type(const promise_type&) = delete;
      promise_type& operator=(const promise_type&) = delete;
      std::coroutine_handle<> handle() noexcept {
        return std::coroutine_handle<promise_type>::from_promise(*this);
      }

      Root get_return_object() const noexcept { return {}; }
      std::suspend_never initial_suspend() const noexcept { return {}; }
      std::suspend_never final_suspend() const noexcept { return {}; }
      void return_void() const noexcept {}
      void unhandled_exception() const noexcept { std::terminate(); }

      std::set<std::coroutine_handle<>>& all;
    };
  };

  static Root run(Tasks&, Task<void> task) { co_await task; }

  std::set<std::coroutine_handle<>> running_;
};

}  // namespace muster::http
