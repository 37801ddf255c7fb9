// The state of an account: what operators see, and when the next attempt is due.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"

namespace muster {

struct Health {
  /// Stored as numbers: never renumber, only append.
  enum class State {
    ok = 0,
    expiring = 1,        ///< works, but the token expires within kExpiryNotice
    expired = 2,         ///< the token has expired
    rejected = 3,        ///< Apple rejects the token or its signature
    forbidden = 4,       ///< the token's user or service lacks access
    terms_unsigned = 5,  ///< new terms must be accepted
    throttled = 6,       ///< Apple requested a pause
    unreachable = 7,     ///< no valid answer
    impaired = 8,        ///< some lanes fail (model/lane.h), the others work
    storage = 9,         ///< nothing can be stored, so no work is done. Shown only, never stored
  };
  State state = State::ok;
  std::optional<Time> since;  ///< of the state; none before the first contact
  std::string word;           ///< Apple's
  std::string message;        ///< the problem; "" if there is none
  std::string remedy;         ///< what an operator must do; "" for nothing
  std::optional<Time> told;   ///< when it was last logged
  int failures = 0;           ///< consecutive
  /// Apple requested a pause until this time.
  std::optional<Time> not_before;
  /// Due time of the last reminder of the token's expiry. It identifies the token and one of kReminders.
  std::optional<Time> reminded;

  friend bool operator==(const Health&, const Health&) = default;
};

/// How long before its expiry a token is reported (field-failures.md T2: 60 days).
inline constexpr std::chrono::days kExpiryNotice{60};
/// Days before the expiry at which reminders are sent (likewise).
inline constexpr int kReminders[] = {60, 30, 14, 7, 1};

}  // namespace muster
