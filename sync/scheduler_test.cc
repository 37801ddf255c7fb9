#include "sync/scheduler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "tests/support/eventually.h"
#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::eventually;

constexpr AccountId kOne{1}, kTwo{2};

TEST(Scheduler, RunsAnAccountWhenItIsAskedForAndWhenItIsDue) {
  ManualClock clock;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 2, [&](AccountId, std::stop_token, const auto&) -> std::optional<Time> {
    ++runs;
    return clock.now() + 2min;
  });
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1 && clock.next_deadline() == clock.now() + 2min; }));
  clock.advance(2min - 1ms);
  EXPECT_EQ(runs, 1);
  clock.advance(1ms);
  EXPECT_TRUE(eventually([&] { return runs == 2; }));
}

TEST(Scheduler, ManyRequestsWhileItWorksAreOneMoreRun) {
  ManualClock clock;
  std::atomic<int> runs{0}, at_once{0};
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future();
  Scheduler scheduler(clock, 4,
                      [&](AccountId, std::stop_token, const auto& interrupted) -> std::optional<Time> {
                        EXPECT_EQ(++at_once, 1);
                        if (++runs == 1) {
                          EXPECT_FALSE(interrupted());
                          gate.wait();
                          EXPECT_TRUE(interrupted());
                        }
                        --at_once;
                        return std::nullopt;
                      });
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1; }));
  for (int i = 0; i < 100; ++i) scheduler.request(kOne);
  go.set_value();
  ASSERT_TRUE(eventually([&] { return runs == 2 && at_once == 0; }));
  scheduler.stop();
  EXPECT_EQ(runs, 2);
}

TEST(Scheduler, ASlowAccountDoesNotHoldAnother) {
  ManualClock clock;
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future();
  std::atomic<bool> second{false};
  Scheduler scheduler(clock, 2, [&](AccountId account, std::stop_token, const auto&) -> std::optional<Time> {
    if (account == kOne)
      gate.wait();
    else
      second = true;
    return std::nullopt;
  });
  scheduler.request(kOne);
  scheduler.request(kTwo);
  EXPECT_TRUE(eventually([&] { return second.load(); }));
  go.set_value();
}

TEST(Scheduler, StopTellsTheJobsAndWaitsForThem) {
  ManualClock clock;
  std::atomic<bool> started{false}, ended{false};
  Scheduler scheduler(clock, 1, [&](AccountId, std::stop_token stop, const auto&) -> std::optional<Time> {
    started = true;
    std::mutex mutex;
    std::condition_variable_any condition;
    std::unique_lock lock(mutex);
    condition.wait(lock, stop, [] { return false; });
    ended = true;
    return std::nullopt;
  });
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return started.load(); }));
  scheduler.stop();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace muster::sync
