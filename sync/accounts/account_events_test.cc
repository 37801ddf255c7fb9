#include "sync/accounts/account_events.h"

#include <gtest/gtest.h>

#include "base/text/json.h"
#include "sync/accounts/health.h"
#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

class AccountEvents : public testing::Test {
 protected:
  AccountEvents() {
    account_.name = AccountName("school");
    account_.token.emplace();
    account_.token->access_token_expiry = kNow + days(100);
  }
  /// The events of an attempt, after which the account stands as it says.
  std::vector<Event> after(const Result<>& outcome, Time now) {
    const Health before = health_;
    health_ = after_attempt(before, outcome, *account_.token, now);
    return account_events(account_, before, health_, now);
  }
  static boost::json::object read(const Event& event) { return parse_json(event.body)->as_object(); }

  Account account_;
  Health health_;
};

TEST_F(AccountEvents, TellAChangeOfStateOnce) {
  EXPECT_TRUE(after({}, kNow).empty()) << "as it should be";
  const Error error{Code::remote, "New terms", "Accept them", {403, "T_C_NOT_SIGNED", {}}};
  const auto events = after(failure(error), kNow + 1min);
  ASSERT_EQ(events.size(), 1U);
  const auto json = read(events.front());
  EXPECT_EQ(json.at("topic"), "muster.AccountState");
  EXPECT_EQ(json.at("created_at"), "2026-03-01T09:01:00.000Z");
  const auto& about = json.at("account_event").as_object();
  EXPECT_EQ(about.at("account"), "school");
  EXPECT_EQ(about.at("state"), "terms_unsigned");
  EXPECT_EQ(about.at("state_before"), "ok");
  EXPECT_EQ(about.at("apple_code"), "T_C_NOT_SIGNED");
  EXPECT_EQ(about.at("remedy"), "Accept them");
  EXPECT_EQ(about.at("days_left"), 99);
  EXPECT_TRUE(after(failure(error), kNow + 2min).empty()) << "still the same";
  EXPECT_EQ(after({}, kNow + 3min).size(), 1U) << "well again";
}

TEST_F(AccountEvents, RemindOfAnExpiringTokenOnceAtEachStep) {
  std::vector<int> told;
  for (int day = 0; day < 100; ++day)
    for (const auto& event : after({}, kNow + days(day) + 1h))
      if (read(event).at("topic") == "muster.TokenExpiry")
        told.push_back(static_cast<int>(read(event).at("account_event").at("days_left").as_int64()));
  EXPECT_EQ(told, (std::vector{60, 30, 14, 7, 1}));
}

TEST_F(AccountEvents, RemindOnceAfterALongPause) {
  (void)after({}, kNow);
  const auto events = after({}, kNow + days(90));
  ASSERT_EQ(events.size(), 2U) << "and of the state";
  EXPECT_EQ(read(events[1]).at("topic"), "muster.TokenExpiry");
  EXPECT_EQ(read(events[1]).at("account_event").at("days_left"), 10);
  EXPECT_TRUE(after({}, kNow + days(91)).empty());
}

TEST_F(AccountEvents, ANewTokenStartsOver) {
  (void)after({}, kNow + days(95));
  account_.token->access_token_expiry = kNow + days(95 + 50);
  const auto events = after({}, kNow + days(95) + 1h);
  ASSERT_EQ(events.size(), 1U) << "it ends in less than 60 days, too";
  EXPECT_EQ(read(events[0]).at("account_event").at("days_left"), 49);
  account_.token->access_token_expiry = kNow + days(95 + 55);
  EXPECT_EQ(after({}, kNow + days(95) + 2h).size(), 1U) << "another one, in the same step";
}

}  // namespace
}  // namespace muster::sync
