// How an account stands with Apple: what people are told, and how long it waits.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"

namespace muster {

struct Health {
  /// Stored as numbers: never renumber, only append.
  enum class State {
    ok = 0,
    expiring = 1,        ///< works, but the token ends within kExpiryNotice
    expired = 2,         ///< the token has ended
    rejected = 3,        ///< Apple does not take the token or its signature
    forbidden = 4,       ///< the person or service behind the token may not
    terms_unsigned = 5,  ///< new terms of Apple wait to be accepted
    throttled = 6,       ///< Apple asked for a pause
    unreachable = 7,     ///< no good answer
    impaired = 8,        ///< a part of the service fails: some lanes wait (model/lane.h), the others go on
    storage =
        9,  ///< nothing can be stored on our side, so nothing is done. Shown only, and never stored itself
  };
  State state = State::ok;
  std::optional<Time> since;  ///< of the state; none before the first contact
  std::string word;           ///< Apple's
  std::string message;        ///< what is wrong, for people; "" when nothing is
  std::string remedy;         ///< what a person must do, and where; "" when nothing
  std::optional<Time> told;   ///< when the log last said so
  int failures = 0;           ///< in a row
  /// Apple asked for no call before this.
  std::optional<Time> not_before;
  /// The reminder of the token's end that people were given last: when it was due. So it is of one token, and of one of
  /// kReminders.
  std::optional<Time> reminded;

  friend bool operator==(const Health&, const Health&) = default;
};

/// How long before its end a token begins to be reported (field-failures.md T2: from 60 days on).
inline constexpr std::chrono::days kExpiryNotice{60};
/// Days before its end at which people are reminded (likewise).
inline constexpr int kReminders[] = {60, 30, 14, 7, 1};

}  // namespace muster
