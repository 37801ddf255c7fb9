// How far our clock is from Apple's, learned from the `Date` of its answers.
#pragma once

#include <optional>

#include "base/guarded.h"
#include "base/time/clock.h"
#include "http/message.h"

namespace muster::apple {

class AppleClock {
 public:
  /// Our clock minus Apple's, exact to about a second; nothing before the first answer with a readable
  /// `Date`.
  std::optional<Millis> offset() const;
  /// What was learned before a restart.
  void set_offset(Millis offset);

  /// An answer that was asked for at `begin` and was there at `end`, both of our clock. A known offset stays
  /// as long as it explains the `Date`; where it does not, two answers in a row must agree on another one, so
  /// that a single absurd date changes nothing.
  void learn(const http::Headers& headers, Time begin, Time end);

 private:
  struct State {
    std::optional<Millis> offset;
    std::optional<Millis> proposed;  // by the last answer, which `offset` did not explain
  };
  Guarded<State> state_;
};

}  // namespace muster::apple
