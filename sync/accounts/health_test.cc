#include "sync/accounts/health.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

TokenInfo token_until(Time end) {
  TokenInfo token;
  token.access_token_expiry = end;
  return token;
}

const TokenInfo kFresh = token_until(kNow + std::chrono::days(300));

Result<> refused(int status, const char* word, std::optional<std::chrono::seconds> retry_after = {}) {
  return failure(Error{Code::remote, "no", "do something", {status, word, retry_after}});
}

Health::State state_after(const Result<>& outcome) { return after_attempt({}, outcome, kFresh, kNow).state; }

TEST(Health, IsWhatAppleSays) {
  EXPECT_EQ(state_after({}), Health::State::ok);
  EXPECT_EQ(state_after(refused(403, "token_expired")), Health::State::expired);
  EXPECT_EQ(state_after(refused(401, "token_rejected")), Health::State::rejected);
  EXPECT_EQ(state_after(refused(403, "signature_invalid")), Health::State::rejected);
  EXPECT_EQ(state_after(refused(403, "ACCESS_DENIED")), Health::State::forbidden);
  EXPECT_EQ(state_after(refused(403, "FORBIDDEN")), Health::State::forbidden);
  EXPECT_EQ(state_after(refused(403, "T_C_NOT_SIGNED")), Health::State::terms_unsigned);
  EXPECT_EQ(state_after(refused(429, "")), Health::State::throttled);
  EXPECT_EQ(state_after(refused(503, "", 60s)), Health::State::throttled);
  EXPECT_EQ(state_after(refused(503, "")), Health::State::unreachable);
  EXPECT_EQ(state_after(failure(Code::unreachable, "reset")), Health::State::unreachable);
}

TEST(Health, SaysSinceWhenAndWhatToDo) {
  const Health bad = after_attempt({}, refused(403, "T_C_NOT_SIGNED"), kFresh, kNow);
  EXPECT_EQ(bad.since, kNow);
  EXPECT_EQ(bad.word, "T_C_NOT_SIGNED");
  EXPECT_EQ(bad.remedy, "do something");
  const Health still = after_attempt(bad, refused(403, "T_C_NOT_SIGNED"), kFresh, kNow + 1h);
  EXPECT_EQ(still.since, kNow);
  EXPECT_EQ(still.failures, 2);
  const Health good = after_attempt(still, {}, kFresh, kNow + 2h);
  EXPECT_EQ(good.state, Health::State::ok);
  EXPECT_EQ(good.since, kNow + 2h);
  EXPECT_EQ(good.failures, 0);
  EXPECT_EQ(good.word, "");
}

TEST(Health, OurOwnTroubleIsNotApples) {
  const Health ok = after_attempt({}, {}, kFresh, kNow);
  const Health after = after_attempt(ok, failure(Code::internal, "disk full"), kFresh, kNow + 1h);
  EXPECT_EQ(after.state, Health::State::ok);
  EXPECT_EQ(after.failures, 1);
}

TEST(Health, AnExpiringTokenIsReportedFrom60Days) {
  EXPECT_EQ(after_attempt({}, {}, token_until(kNow + 61 * 24h), kNow).state, Health::State::ok);
  const Health expiring = after_attempt({}, {}, token_until(kNow + 60 * 24h), kNow);
  EXPECT_EQ(expiring.state, Health::State::expiring);
  EXPECT_EQ(expiring.message, "The token expires in 60 days");
  EXPECT_FALSE(expiring.remedy.empty());
  EXPECT_EQ(days_left(token_until(kNow + 36h), kNow), 1);
  EXPECT_EQ(days_left(token_until(kNow - 36h), kNow), 0);
  EXPECT_EQ(days_left(TokenInfo{}, kNow), std::nullopt);
}

TEST(Health, TheNextAttemptComesLaterEachTimeAndNeverBeforeAppleAllowsIt) {
  Health health;
  Millis before{0};
  for (int i = 0; i < 6; ++i) {
    health = after_attempt(health, refused(500, ""), kFresh, kNow);
    const Millis wait = next_attempt(health, kNow) - kNow;
    EXPECT_GT(wait, before);
    before = wait;
  }
  EXPECT_GE(before, 15min);

  const Health throttled = after_attempt({}, refused(429, "", 3600s), kFresh, kNow);
  EXPECT_EQ(throttled.not_before, kNow + 1h);
  EXPECT_GE(next_attempt(throttled, kNow), kNow + 1h);
  EXPECT_EQ(after_attempt(throttled, refused(500, ""), kFresh, kNow + 1h).not_before, std::nullopt);

  const Health person = after_attempt({}, refused(403, "T_C_NOT_SIGNED"), kFresh, kNow);
  EXPECT_GE(next_attempt(person, kNow), kNow + 13min);
}

TEST(Health, IsLoggedOnceAChangeAndOnceADay) {
  const AccountName name("default");
  const Health ok = after_attempt({}, {}, kFresh, kNow);
  Health bad = after_attempt(ok, refused(401, "token_rejected"), kFresh, kNow);
  mark_reported(ok, bad, kNow);
  EXPECT_EQ(bad.told, kNow);
  Health later = after_attempt(bad, refused(401, "token_rejected"), kFresh, kNow + 23h);
  mark_reported(bad, later, kNow + 23h);
  EXPECT_EQ(later.told, kNow) << "not again yet";
  Health next_day = after_attempt(later, refused(401, "token_rejected"), kFresh, kNow + 24h);
  mark_reported(later, next_day, kNow + 24h);
  EXPECT_EQ(next_day.told, kNow + 24h);
}

LaneTrouble trouble(Result<> outcome) {
  return after_failure(std::nullopt, outcome.error(), kNow, kNow + 1min);
}

TEST(Health, NamesTheLaneThatFails) {
  SyncState state;
  state.changes = Cursor("C");
  const std::map<Lane, LaneTrouble> questions{{Lane::questions, trouble(refused(400, "SOMETHING_NEW"))}};
  const Health one = with_lanes({}, questions, false, state, {}, kFresh, kNow);
  EXPECT_EQ(one.state, Health::State::impaired);
  EXPECT_EQ(one.word, "SOMETHING_NEW");
  EXPECT_EQ(with_lanes(one, {}, true, state, {}, kFresh, kNow).state, Health::State::ok);
}

TEST(Health, WithoutAnyGoodAnswerTheLaneThatIsAlwaysAtWorkStandsForAll) {
  SyncState state;
  state.changes = Cursor("C");
  const std::map<Lane, LaneTrouble> changes{{Lane::changes, trouble(failure(Code::unreachable, "reset"))}};
  EXPECT_EQ(with_lanes({}, changes, false, state, {}, kFresh, kNow).state, Health::State::unreachable);
  EXPECT_EQ(with_lanes({}, changes, true, state, {}, kFresh, kNow).state, Health::State::impaired);
  const std::map<Lane, LaneTrouble> forbidden{{Lane::assignment, trouble(refused(403, "FORBIDDEN"))}};
  EXPECT_EQ(with_lanes({}, forbidden, true, state, {}, kFresh, kNow).state, Health::State::forbidden);
}

TEST(Health, ABrokenRuleImpairsTheAccountUntilItIsReplaced) {
  const Error broken{Code::remote,
                     "the rule 'lab' gives an unknown profile",
                     "Give it another",
                     {.status = 0, .word = "NOT_FOUND", .retry_after = {}}};
  const Health impaired = with_lanes({}, {}, true, {}, broken, kFresh, kNow);
  EXPECT_EQ(impaired.state, Health::State::impaired);
  EXPECT_EQ(impaired.word, "NOT_FOUND");
  EXPECT_EQ(impaired.message, broken.message);
  EXPECT_EQ(impaired.remedy, broken.hint);
  EXPECT_EQ(with_lanes(impaired, {}, true, {}, {}, kFresh, kNow).state, Health::State::ok);
}

TEST(Health, TooManyMissingDevicesAreReported) {
  SyncState state;
  state.changes = Cursor("C");
  state.many_missing_since = kNow;
  state.many_missing = 50;
  const Health doubtful = with_lanes({}, {}, true, state, {}, kFresh, kNow);
  EXPECT_EQ(doubtful.state, Health::State::impaired);
  EXPECT_NE(doubtful.message.find("50 devices were missing"), std::string::npos);
}

}  // namespace
}  // namespace muster::sync
