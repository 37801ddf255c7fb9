// What an account's calls to Apple came to, counted since the server's start. Any thread.
//
// Whatever Apple sends, there are few kinds: endpoints and codes that nobody knows count as "other".
#pragma once

#include <compare>
#include <map>
#include <string_view>

#include "apple/answers/values.h"
#include "base/guarded.h"
#include "base/result.h"
#include "base/time/clock.h"
#include "http/message.h"

namespace muster::apple {

/// What an unknown endpoint or code counts as.
inline constexpr std::string_view kOther = "other";

class CallCounts {
 public:
  /// The texts live as long as the program.
  struct Kind {
    std::string_view endpoint;  ///< "POST /devices/sync"
    int status = 0;             ///< 0: no whole answer
    std::string_view code;      ///< Apple's error code (docs/errors.md); "" where it gave none
    auto operator<=>(const Kind&) const = default;
  };
  struct Values {
    std::map<Kind, long long> calls;
    /// Devices by Apple's answer to their assignment. All answers are there from the start: Prometheus sees
    /// no increase in what begins with 1.
    std::map<std::string_view, long long> assigned = {
        {"SUCCESS", 0},   {"FAILED", 0}, {"THROTTLED", 0}, {"NOT_ACCESSIBLE", 0},
        {"NOT_FOUND", 0}, {kOther, 0},   {"none", 0},      {"rejected", 0}};
    long long pauses = 0;  ///< answers with Retry-After
    Millis paused{};       ///< what these asked for
  };

  /// A call that was sent, or tried. `path` without a query.
  void add_call(std::string_view method, std::string_view path, const Result<http::Response>& answer);
  void add_pause(Millis wait);
  /// What an assign call for `asked` devices was answered.
  void add_assigned(const SerialAnswers& answers, size_t asked);
  /// So many devices were in an assign call that Apple rejected as a whole.
  void add_rejected(size_t asked);

  Values values() const;

 private:
  Guarded<Values> values_;
};

}  // namespace muster::apple
