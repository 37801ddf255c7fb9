// A piece of work that continues beside what its owner does next.
//
//   Meanwhile<Result<Batch>> next(true, [&] { return choose(); });
//   auto answer = call(batch);
//   auto chosen = next.get();
//
// What fn() throws becomes an error, as everywhere (base/threads/contain.h). What ends the owner's work
// (base/threads/wanted.h) ends fn()'s, too.
#pragma once

#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "base/threads/contain.h"
#include "base/threads/wanted.h"

namespace muster {

template <class T>  // a Result
class Meanwhile {
 public:
  /// Begins fn() on a thread of its own; `aside` false: get() calls it, on its own thread. What fn uses must
  /// live until then.
  Meanwhile(bool aside, std::function<T()> fn) : fn_(std::move(fn)) {
    if (!aside) return;
    thread_ = std::jthread([this, wanted = Wanted::here()] {
      Wanted::adopt(wanted);
      outcome_ = contain(Place::run, fn_);
    });
  }
  /// Waits for it.
  ~Meanwhile() = default;
  Meanwhile(const Meanwhile&) = delete;
  Meanwhile& operator=(const Meanwhile&) = delete;

  /// What fn() gave. Once.
  T get() {
    if (!thread_.joinable()) return contain(Place::run, fn_);
    thread_.join();
    return std::move(*outcome_);
  }

 private:
  const std::function<T()> fn_;
  std::optional<T> outcome_;
  std::jthread thread_;  // behind what it uses
};

}  // namespace muster
