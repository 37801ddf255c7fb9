// A function that is called before whoever got it returns. Unlike std::function it neither copies nor keeps
// what it calls, so there is nothing to allocate; and it compiles in a fraction of the time, which counts
// where each caller has a lambda of its own.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace muster {

template <class Signature>
class FunctionRef;

template <class Given, class... Args>
class FunctionRef<Given(Args...)> {
 public:
  /// `callable` must outlive this.
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef>) FunctionRef(Callable&& callable)
      : callable_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* called, Args... args) -> Given {
          return (*static_cast<std::remove_reference_t<Callable>*>(called))(std::forward<Args>(args)...);
        }) {}

  Given operator()(Args... args) const { return call_(callable_, std::forward<Args>(args)...); }

 private:
  void* callable_;
  Given (*call_)(void*, Args...);
};

}  // namespace muster
