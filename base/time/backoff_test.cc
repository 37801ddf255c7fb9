#include "base/time/backoff.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace muster {
namespace {

using namespace std::chrono_literals;

void expect_between(Millis wait, Millis low, Millis high) {
  EXPECT_GE(wait, low);
  EXPECT_LE(wait, high);
}

TEST(Backoff, ARetryHasJitterOnTopButNeverMoreThanADay) {
  for (int i = 0; i < 100; ++i) {
    Waits waits(kNow);
    expect_between(waits.retry_after(10min) - kNow, 10min, 11min);
    EXPECT_EQ(waits.retry_after(24h), kNow + 24h);
    EXPECT_EQ(waits.retry_after(0ms), kNow);
    EXPECT_EQ(waits.after(15min), kNow + 15min);
  }
}

TEST(Backoff, DevicesOfABatchThatWaitEquallyLongAreDueTogether) {
  Waits waits(kNow);
  const Time first = waits.retry_after(10min);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(waits.retry_after(10min), first);
  expect_between(waits.retry_after(20min) - kNow, 20min, 22min);
}

TEST(Backoff, AnUnclearAnswerIsAskedAgainEverMoreSeldom) {
  EXPECT_EQ(unclear_wait(1), 15min);
  EXPECT_EQ(unclear_wait(2), 30min);
  EXPECT_EQ(unclear_wait(100), 24h);
}

TEST(Backoff, AnAccountWaitsASecondAndFourTimesAsLongEachTimeToAQuarterHour) {
  expect_between(account_wait(1), 1000ms, 1100ms);
  expect_between(account_wait(3), 16s, 17600ms);
  expect_between(account_wait(1000), 15min, 16min + 30s);
}

TEST(Backoff, RegularRunsAreSpread) {
  for (int i = 0; i < 100; ++i) expect_between(spread(2min), 108s, 132s);
}

}  // namespace
}  // namespace muster
