// What an attempt says of the account's standing with Apple, and when the next one makes sense.
#pragma once

#include "base/result.h"
#include "model/account.h"
#include "model/health.h"

namespace muster::sync {

/// The health after an attempt to work for the account. Our own failures (Code::internal: disk full...) leave the
/// standing with Apple as it is. Pure, but for the jitter-free arithmetic of `now`.
Health after_attempt(const Health& before, const Result<>& outcome, const Token& token, Time now);

/// Whole days until the token ends, 0 once it has; nothing when Apple did not say when.
std::optional<int> days_left(const Token& token, Time now);

/// When to try again after a failed attempt, of which `health` is the outcome: soon and then ever later; seldom where
/// a person must act; never before what Apple asked for.
Time next_attempt(const Health& health, Time now);

/// Says it in the log: once a change, and once a day while it is not ok. Sets `told`.
void tell(const AccountName& account, const Health& before, Health& after, Time now);

}  // namespace muster::sync
