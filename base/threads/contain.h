// The one place that catches what libraries throw (no memory, Boost, fmt), so that it ends a piece of work
// and never a thread. Below it exceptions pass through: whoever holds something meanwhile gives it back by a
// destructor.
//
//   const auto done = contain(Place::reader, [&] { read_all(); });
//   if (!done) broken_ = done.error();
//
// What is caught becomes an Error of Code::internal, a line of the log and a count, which GET /metrics shows.
#pragma once

#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace muster {

/// Which piece of work it ended.
enum class Place {
  run,      ///< a run of a lane, and the scheduler around it
  reader,   ///< reading pages ahead
  webhook,  ///< sending events
  handler,  ///< answering a request
  signal,   ///< handling a signal
  start,    ///< starting the server
  cluster,  ///< sharing accounts with other servers
};
inline constexpr std::array kPlaces = {Place::run,    Place::reader, Place::webhook, Place::handler,
                                       Place::signal, Place::start,  Place::cluster};

/// As the log and the metric have it.
std::string_view word(Place place);

/// So many exceptions were contained there since the start. Any thread.
long long internal_errors(Place place);

/// Of an exception that was caught elsewhere, e.g. by a coroutine: logged and counted. `doing` says what was
/// going on, or is "".
Error contained(Place place, const std::exception_ptr& thrown, std::string_view doing) noexcept;

namespace detail {

template <class T>
struct ContainedResult {
  using type = Result<T>;
};
template <class T>
struct ContainedResult<Result<T>> {
  using type = Result<T>;
};

}  // namespace detail

/// Calls fn() and gives what it gives, as a Result; a Result as it is. `describe` says what fn() is doing; it
/// is asked only when fn() threw.
template <class Fn, class Describe>
auto contain(Place place, Fn&& fn, const Describe& describe) {
  using Returned = std::invoke_result_t<Fn>;
  using Contained = typename detail::ContainedResult<Returned>::type;
  std::exception_ptr thrown;
  try {
    if constexpr (std::is_void_v<Returned>) {
      std::forward<Fn>(fn)();
      return Contained();
    } else {
      return Contained(std::forward<Fn>(fn)());
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  std::string doing;
  try {
    doing = describe();
  } catch (...) {  // no memory for that either
    doing.clear();
  }
  return Contained(failure(contained(place, thrown, doing)));
}

template <class Fn>
auto contain(Place place, Fn&& fn) {
  return contain(place, std::forward<Fn>(fn), [] { return std::string(); });
}

}  // namespace muster
