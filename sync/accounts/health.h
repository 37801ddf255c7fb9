// Derives the state of an account from the outcomes of its runs, and the time of the next attempt.
#pragma once

#include <map>
#include <optional>

#include "base/result.h"
#include "model/account.h"
#include "model/health.h"
#include "model/lane.h"

namespace muster::sync {

/// The state after an attempt. Internal failures (disk full etc.) do not change it. Pure.
Health after_attempt(const Health& before, const Result<>& outcome, const TokenInfo& token, Time now);

/// Whether the answer may concern the whole account and not only the call: other calls would fail the same
/// way.
bool may_concern_account(const Error& error);

/// Whether an operator must act before Apple accepts calls again.
bool needs_operator(Health::State state);

/// The lane's trouble after another failure; the next attempt is at `retry_at`.
LaneTrouble after_failure(const std::optional<LaneTrouble>& before, const Error& error, Time now,
                          Time retry_at);

/// The lane that always has work. It tries first when all lanes are stopped.
Lane first_lane(const SyncState& state);

/// The state of an account whose lanes are not all stopped. `answered`: a call succeeded since the trouble of
/// its first lane began. `broken_rule`: what is wrong with a
/// rule. An account without trouble and without unconfirmed missing devices is `ok`.
Health with_lanes(const Health& before, const std::map<Lane, LaneTrouble>& troubles, bool answered,
                  const SyncState& state, const std::optional<Error>& broken_rule, const TokenInfo& token,
                  Time now);

/// Whole days until the token expires, 0 afterwards; nothing if Apple gave no date.
std::optional<int> days_left(const TokenInfo& token, Time now);

/// Time of the next attempt after a failure that led to `health`: with increasing back-off, rarely if an
/// operator must act, and never before the end of a pause that Apple requested.
Time next_attempt(const Health& health, Time now);

/// Logs the state if mark_reported() has just set `told`: on each change, and daily while it is not ok.
void log_state(const AccountName& account, const Health& before, const Health& after);
void mark_reported(const Health& before, Health& after, Time now);

}  // namespace muster::sync
