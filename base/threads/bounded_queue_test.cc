#include "base/threads/bounded_queue.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

namespace muster {
namespace {

TEST(BoundedQueue, KeepsTheOrderBetweenTwoThreads) {
  constexpr int kItems = 10'000;
  BoundedQueue<int> queue(3);
  const std::stop_source never;
  std::jthread putting([&] {
    for (int i = 0; i < kItems; ++i) EXPECT_TRUE(queue.push(i, never.get_token()));
  });
  for (int i = 0; i < kItems; ++i) ASSERT_EQ(queue.pop(never.get_token()), i);
}

TEST(BoundedQueue, AStopEndsTheWaitingOnBothSides) {
  BoundedQueue<int> queue(1);
  std::stop_source stop;
  std::latch waiting(2);
  BoundedQueue<int> empty(1);
  ASSERT_TRUE(queue.push(1, stop.get_token()));
  std::jthread putting([&] {
    waiting.count_down();
    EXPECT_FALSE(queue.push(2, stop.get_token()));
  });
  std::jthread taking([&] {
    waiting.count_down();
    EXPECT_EQ(empty.pop(stop.get_token()), std::nullopt);
  });
  waiting.wait();
  stop.request_stop();
  putting.join();
  EXPECT_EQ(queue.pop(stop.get_token()), 1);  // what was there is not lost
}

}  // namespace
}  // namespace muster
