// What an attempt says of the account's standing with Apple, and when the next one makes sense.
#pragma once

#include <map>
#include <optional>

#include "base/result.h"
#include "model/account.h"
#include "model/health.h"
#include "model/lane.h"

namespace muster::sync {

/// The health after an attempt to work for the account. Our own failures (disk full...) leave the
/// standing with Apple as it is. Pure, but for the jitter-free arithmetic of `now`.
Health after_attempt(const Health& before, const Result<>& outcome, const Token& token, Time now);

/// Whether the answer may be about the account, not about the call that it answers: then it says the same of other calls.
bool may_concern_account(const Error& error);

/// Whether somebody must act before Apple answers again.
bool needs_operator(Health::State state);

/// A lane's trouble after another failure, to be tried again at `retry_at`.
LaneTrouble after_failure(const std::optional<LaneTrouble>& before, const Error& error, Time now,
                          Time retry_at);

/// The lane that is always at work, and tries first when all are stopped.
Lane first_lane(const SyncState& state);

/// The health of an account that is not stopped as a whole. `answered`: some call was answered well since the trouble of its
/// first lane began. `broken_rule`: what is wrong with a rule. Without any of these, and with no doubt about missing devices,
/// the account works.
Health with_lanes(const Health& before, const std::map<Lane, LaneTrouble>& troubles, bool answered,
                  const SyncState& state, const std::optional<Error>& broken_rule, const Token& token,
                  Time now);

/// Whole days until the token ends, 0 once it has; nothing when Apple did not say when.
std::optional<int> days_left(const Token& token, Time now);

/// When to try again after a failed attempt, of which `health` is the outcome: soon and then ever later; seldom where
/// a person must act; never before what Apple asked for.
Time next_attempt(const Health& health, Time now);

/// Says it in the log, when set_told() has just set `told`: once a change, and once a day while it is not ok.
void tell(const AccountName& account, const Health& before, const Health& after);
void set_told(const Health& before, Health& after, Time now);

}  // namespace muster::sync
