#include "base/fair_mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace muster {
namespace {

TEST(FairMutex, LetsOneInAtATime) {
  FairMutex mutex;
  int value = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        std::lock_guard lock(mutex);
        ++value;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(value, 4000);
}

// A greedy thread holds it again and again, a millisecond each time. Who comes waits for the current run, and
// at most for one that was asked for earlier.
TEST(FairMutex, WhoWaitsIsNext) {
  constexpr int kRounds = 20;
  FairMutex mutex;
  std::atomic<bool> stop{false};
  std::atomic<int> turns{0};
  std::thread greedy([&] {
    while (!stop) {
      std::lock_guard lock(mutex);
      ++turns;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the length of the section, not a wait
    }
  });
  int prompt = 0;
  for (int i = 0; i < kRounds; ++i) {
    const int before = turns;
    std::lock_guard lock(mutex);
    prompt += turns - before <= 2;
  }
  stop = true;
  greedy.join();
  // Not all, because this thread may be off the processor between the look and the lock.
  EXPECT_GE(prompt, kRounds / 2);
}

}  // namespace
}  // namespace muster
