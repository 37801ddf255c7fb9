#include "base/time/wait_histogram.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

using namespace std::chrono_literals;

TEST(WaitHistogramTest, CountsUpToEachBound) {
  WaitHistogram waits;
  for (const Millis wait : {Millis(0ms), Millis(1s), Millis(1001ms), Millis(15s), Millis(24h), Millis(25h)})
    waits.add(wait);
  EXPECT_EQ(waits.count_up_to(0), 2);  // 1 s
  EXPECT_EQ(waits.count_up_to(1), 3);  // 5 s
  EXPECT_EQ(waits.count_up_to(2), 4);  // 15 s
  EXPECT_EQ(waits.count_up_to(WaitHistogram::kBounds.size() - 1), 5);
  EXPECT_EQ(waits.count(), 6);
  EXPECT_EQ(waits.sum(), 1s + 1001ms + 15s + 24h + 25h);
}

TEST(WaitHistogramTest, ANegativeWaitIsNone) {
  WaitHistogram waits;
  waits.add(-5s);
  EXPECT_EQ(waits.count_up_to(0), 1);
  EXPECT_EQ(waits.sum(), 0ms);
}

}  // namespace
}  // namespace muster
