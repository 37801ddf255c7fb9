#include "apple/session/gate.h"

#include <algorithm>

#include "apple/answers/retry_after.h"
#include "base/time/rfc3339.h"
#include "http/client/client.h"

namespace muster::apple {

Result<http::Response> Gate::send(const http::ClientRequest& request, std::stop_token stop) {
  const Time begin = clock_.now();
  if (const auto closed_until = not_before()) {
    const Time whole_second = std::chrono::ceil<std::chrono::seconds>(*closed_until);
    Error error{Code::unreachable, "Apple requested a pause until " + format_rfc3339(whole_second),
                "Muster continues automatically. Try again after that time"};
    error.remote.retry_after = std::chrono::ceil<std::chrono::seconds>(*closed_until - begin);
    return failure(std::move(error));
  }
  MUSTER_TRY(http::Response response, transport_.send(request, stop));
  const Time end = clock_.now();
  apple_clock_.learn(response.headers, begin, end);
  if (const auto wait = retry_after(response.headers, end); wait && wait->count() > 0)
    not_before_.with([&](std::optional<Time>& time) {
      time =
          std::max(time.value_or(end), end + *wait);  // answers to concurrent calls: the longest wait counts
    });
  return response;
}

std::optional<Time> Gate::not_before() const {
  const Time now = clock_.now();
  const auto time = not_before_.with([](const std::optional<Time>& known) { return known; });
  // No wait is longer than kLongestRetryAfter: a later time is left from before our clock was set back.
  return time && *time > now && *time - now <= kLongestRetryAfter ? time : std::nullopt;
}

void Gate::set_not_before(std::optional<Time> time) {
  not_before_.with([&](std::optional<Time>& known) { known = time; });
}

}  // namespace muster::apple
