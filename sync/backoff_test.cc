#include "sync/backoff.h"

#include <gtest/gtest.h>

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

void expect_between(Millis wait, Millis low, Millis high) {
  EXPECT_GE(wait, low);
  EXPECT_LE(wait, high);
}

TEST(Backoff, ADeviceWaitsTenMinutesDoublingToADay) {
  expect_between(device_wait(1), 10min, 11min);
  expect_between(device_wait(2), 20min, 22min);
  expect_between(device_wait(100), 24h, 24h + 144min);
}

TEST(Backoff, DevicesOfABatchThatFailedEquallyOftenAreDueTogether) {
  DeviceWaits waits;
  const Millis first = waits.after(1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(waits.after(1), first);
  expect_between(waits.after(2), 20min, 22min);
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
}  // namespace muster::sync
