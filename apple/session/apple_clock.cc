#include "apple/session/apple_clock.h"

#include "apple/answers/retry_after.h"

namespace muster::apple {

std::optional<Millis> AppleClock::offset() const {
  return state_.with([](const State& state) { return state.offset; });
}

void AppleClock::set_offset(Millis offset) {
  state_.with([&](State& state) { state = {.offset = offset, .proposed = {}}; });
}

void AppleClock::learn(const http::Headers& headers, Time begin, Time end) {
  const auto date = http_date(headers);
  if (!date) return;
  // Apple's clock was in the second of `date` at some moment between `begin` and `end`.
  const Millis least = begin - *date - std::chrono::seconds(1), most = end - *date;
  const auto explains = [&](const std::optional<Millis>& offset) {
    return offset && *offset >= least && *offset <= most;
  };
  state_.with([&](State& state) {
    if (explains(state.offset)) {
      state.proposed.reset();
      return;
    }
    const bool is_confirmed = !state.offset || explains(state.proposed);
    const Millis proposed =
        begin - *date;  // right to a second when the answer came fast; else a faster one corrects it
    if (is_confirmed)
      state = {.offset = proposed, .proposed = {}};
    else
      state.proposed = proposed;
  });
}

}  // namespace muster::apple
