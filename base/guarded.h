// Guarded<T>: a value that can only be touched while its lock is held. The one way to share mutable state.
//
//   Guarded<std::map<Name, Run>> runs_;
//   runs_.with([&](auto& runs) { runs.erase(name); });
#pragma once

#include <mutex>
#include <utility>

namespace muster {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Calls fn(T&) under the lock and gives back what it gives. Do not keep the reference.
  template <class Fn>
  decltype(auto) with(Fn&& fn) {
    std::lock_guard lock(mutex_);
    return std::forward<Fn>(fn)(value_);
  }
  template <class Fn>
  decltype(auto) with(Fn&& fn) const {
    std::lock_guard lock(mutex_);
    return std::forward<Fn>(fn)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace muster
