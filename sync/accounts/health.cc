#include "sync/accounts/health.h"

#include <fmt/format.h>

#include <algorithm>

#include "apple/answers/failure.h"
#include "apple/answers/word_table.h"
#include "base/log/log.h"
#include "base/time/backoff.h"
#include "base/time/rfc3339.h"
#include "model/text/words.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using State = Health::State;
using apple::Failure;

// An operator must act first: retry rarely, but often enough to notice the solution soon.
constexpr Millis kOperatorWait = 15min;
constexpr Millis kReportAgain = 24h;

State state_after(const Error& error) {
  switch (apple::classify(error)) {
    case Failure::token_expired: return State::expired;
    case Failure::token_rejected: return State::rejected;
    case Failure::forbidden: return State::forbidden;
    case Failure::terms_unsigned: return State::terms_unsigned;
    default: break;
  }
  const bool asked_for_pause = error.remote.retry_after || error.remote.status == 429;
  return asked_for_pause ? State::throttled : State::unreachable;
}

Health working(const Health& before, const TokenInfo& token, Time now) {
  Health after;
  after.since = before.since;
  after.told = before.told;
  after.reminded = before.reminded;
  const auto days = days_left(token, now);
  if (!days || *days > kExpiryNotice.count()) return after;
  after.state = State::expiring;
  after.message = *token.access_token_expiry <= now ? "The token's expiry date has passed"
                  : *days == 0                      ? "The token expires within 24 hours"
                  : *days == 1                      ? "The token expires in 1 day"
                               : "The token expires in " + std::to_string(*days) + " days";
  after.remedy = apple::kNewTokenRemedy;
  return after;
}

}  // namespace

bool needs_operator(State state) {
  return state == State::expired || state == State::rejected || state == State::forbidden ||
         state == State::terms_unsigned;
}

bool may_concern_account(const Error& error) {
  switch (apple::classify(error)) {
    case Failure::token_expired:
    case Failure::token_rejected:
    case Failure::forbidden:
    case Failure::terms_unsigned: return true;
    default: return error.remote.status == 429;
  }
}

LaneTrouble after_failure(const std::optional<LaneTrouble>& before, const Error& error, Time now,
                          Time retry_at) {
  return {.state = state_after(error),
          .since = before ? before->since : now,
          .failures = (before ? before->failures : 0) + 1,
          .retry_at = retry_at,
          .word = error.remote.word,
          .message = error.message,
          .remedy = error.hint};
}

Lane first_lane(const SyncState& state) { return state.changes.empty() ? Lane::full_list : Lane::changes; }

Health with_lanes(const Health& before, const std::map<Lane, LaneTrouble>& troubles, bool answered,
                  const SyncState& state, const std::optional<Error>& broken_rule, const TokenInfo& token,
                  Time now) {
  Health after = working(before, token, now);
  if (!troubles.empty()) {
    // In order of the lanes: who does not see what changes has most to lose.
    const LaneTrouble& first = troubles.begin()->second;
    const bool stands_for_all =
        needs_operator(first.state) || (troubles.begin()->first == first_lane(state) && !answered);
    after.state = stands_for_all ? first.state : State::impaired;
    after.word = first.word;
    after.message = first.message;
    after.remedy = first.remedy;
    after.failures = first.failures;
  } else if (broken_rule) {
    after.state = State::impaired;
    after.word = broken_rule->remote.word;
    after.message = broken_rule->message;
    after.remedy = broken_rule->hint;
  } else if (state.many_missing_since) {
    after.state = State::impaired;
    after.message = fmt::format(
        "{} devices were missing from Apple's full list at {}. Muster waits for a second list to confirm this",
        state.many_missing, format_rfc3339(*state.many_missing_since));
    after.remedy =
        "If the devices left, wait for the second list, an hour later. Otherwise Apple's list was wrong";
  }
  if (after.state != before.state || !after.since) after.since = now;
  return after;
}

std::optional<int> days_left(const TokenInfo& token, Time now) {
  if (!token.access_token_expiry) return std::nullopt;
  const auto days = std::chrono::floor<std::chrono::days>(*token.access_token_expiry - now);
  return static_cast<int>(std::max<std::chrono::days::rep>(days.count(), 0));
}

Health after_attempt(const Health& before, const Result<>& outcome, const TokenInfo& token, Time now) {
  Health after = before;
  if (outcome) {
    after = working(before, token, now);
  } else {
    const Error& error = outcome.error();
    ++after.failures;
    if (error.is_ours()) return after;  // says nothing of Apple
    after.state = state_after(error);
    after.word = error.remote.word;
    after.message = error.message;
    after.remedy = error.hint;
    after.not_before.reset();
    if (error.remote.retry_after) after.not_before = now + *error.remote.retry_after;
  }
  if (after.state != before.state || !after.since) after.since = now;
  return after;
}

Time next_attempt(const Health& health, Time now) {
  const Millis wait = needs_operator(health.state) ? spread(kOperatorWait) : account_wait(health.failures);
  return health.not_before ? std::max(*health.not_before, now + wait) : now + wait;
}

void mark_reported(const Health& before, Health& after, Time now) {
  const bool changed = after.state != before.state;
  const bool still = after.state != State::ok && (!after.told || now - *after.told >= kReportAgain);
  if (changed || still) after.told = now;
}

void log_state(const AccountName& account, const Health& before, const Health& after) {
  if (after.told == before.told && after.state == before.state) return;
  if (after.state == State::ok) {
    log::info("account.state", {{"account", account.str()}, {"state", word(after.state)}});
    return;
  }
  log::warn("account.state", {{"account", account.str()},
                              {"state", word(after.state)},
                              {"apple_code", after.word},
                              {"reason", after.message},
                              {"remedy", after.remedy}});
}

}  // namespace muster::sync
