#include "apple/session/apple_clock.h"

#include <gtest/gtest.h>

#include "base/time/rfc3339.h"
#include "tests/support/manual_clock.h"

namespace muster::apple {
namespace {

using namespace std::chrono_literals;

const http::Headers kSame = {{"Date", "Sun, 01 Mar 2026 09:00:00 GMT"}};
const http::Headers kFiveMinutesAhead = {{"Date", "Sun, 01 Mar 2026 09:05:00 GMT"}};
const http::Headers kAbsurd = {{"Date", "Thu, 01 Jan 1970 00:00:00 GMT"}};

TEST(AppleClockTest, LearnsFromTheFirstAnswer) {
  AppleClock clock;
  EXPECT_EQ(clock.offset(), std::nullopt);
  clock.learn({}, kNow, kNow);
  clock.learn({{"Date", "now"}}, kNow, kNow);
  EXPECT_EQ(clock.offset(), std::nullopt);
  clock.learn(kFiveMinutesAhead, kNow + 400ms, kNow + 600ms);
  EXPECT_EQ(clock.offset(), -5min + 400ms);
}

TEST(AppleClockTest, KeepsWhatExplainsTheDate) {
  AppleClock clock;
  clock.learn(kSame, kNow + 300ms, kNow + 500ms);
  EXPECT_EQ(clock.offset(), 300ms);
  for (const Millis later : {200ms, 700ms, 1200ms}) {
    clock.learn(kSame, kNow + later, kNow + later + 100ms);
    EXPECT_EQ(clock.offset(), 300ms);
  }
  clock.learn(kSame, kNow - 40s, kNow + 500ms);  // a slow call
  EXPECT_EQ(clock.offset(), 300ms);
}

TEST(AppleClockTest, ASingleAbsurdDateChangesNothing) {
  AppleClock clock;
  clock.set_offset(0ms);
  for (int i = 0; i < 3; ++i) {
    clock.learn(kAbsurd, kNow, kNow);
    EXPECT_EQ(clock.offset(), 0ms);
    clock.learn(kSame, kNow, kNow);
    EXPECT_EQ(clock.offset(), 0ms);
  }
  clock.learn(kAbsurd, kNow, kNow);
  clock.learn(kFiveMinutesAhead, kNow, kNow);
  EXPECT_EQ(clock.offset(), 0ms);  // the two do not agree
  clock.learn(kFiveMinutesAhead, kNow, kNow + 1s);
  EXPECT_EQ(clock.offset(), -5min);
}

TEST(AppleClockTest, ARememberedOffsetIsCorrectedByTwoAnswers) {
  AppleClock clock;
  clock.set_offset(1h);
  clock.learn(kSame, kNow, kNow);
  EXPECT_EQ(clock.offset(), 1h);
  clock.learn(kSame, kNow + 100ms, kNow + 200ms);
  EXPECT_EQ(clock.offset(), 100ms);
}

}  // namespace
}  // namespace muster::apple
