#include "tests/support/manual_clock.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/eventually.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, StandsStillUntilMoved) {
  ManualClock clock;
  const Time start = clock.now();
  clock.advance(2min);
  EXPECT_EQ(clock.now(), start + 2min);
}

TEST(ManualClock, AJumpMovesTheWallClockOnly) {
  ManualClock clock;
  const Moment start = clock.moment();
  clock.jump(-3h);
  EXPECT_EQ(clock.now(), start.wall - 3h);
  EXPECT_EQ(clock.steady(), start.tick);
  clock.jump(5h);
  clock.advance(1min);
  EXPECT_EQ(clock.now(), start.wall + 2h + 1min);
  EXPECT_EQ(clock.steady(), start.tick + 1min);
}

TEST(ManualClock, AJumpEndsNoWait) {
  ManualClock clock;
  Waker waker;
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    clock.wait(waker, clock.steady() + 1min);
    done = true;
  });
  ASSERT_TRUE(clock.await_waiters(1));
  clock.jump(1h);
  clock.advance(59s);
  EXPECT_TRUE(clock.await_waiters(1));
  EXPECT_FALSE(done);
  clock.jump(-2h);
  clock.advance(1s);
  waiter.join();
}

TEST(ManualClock, AdvanceWakesThoseWhoseTimeHasCome) {
  ManualClock clock;
  const Tick start = clock.steady();
  Waker early, late;
  std::atomic<bool> early_done = false, late_done = false;
  std::thread first([&] {
    clock.wait(early, start + 1min);
    early_done = true;
  });
  std::thread second([&] {
    clock.wait(late, start + 5min);
    late_done = true;
  });
  ASSERT_TRUE(clock.await_waiters(2));
  EXPECT_EQ(clock.next_deadline(), start + 1min);
  clock.advance(59s);
  EXPECT_FALSE(early_done);
  clock.advance(1s);
  first.join();
  EXPECT_TRUE(early_done);
  EXPECT_FALSE(late_done);
  EXPECT_EQ(clock.next_deadline(), start + 5min);
  clock.advance(1h);
  second.join();
}

TEST(ManualClock, AWakerEndsTheWaitAndIsUsedUp) {
  ManualClock clock;
  Waker waker;
  std::thread waiter([&] { clock.wait(waker, clock.steady() + 1h); });
  ASSERT_TRUE(clock.await_waiters(1));
  waker.wake();
  waiter.join();

  waker.wake();  // before the wait: ends the next one at once
  clock.wait(waker, clock.steady() + 1h);

  std::thread again([&] { clock.wait(waker, clock.steady() + 1h); });
  EXPECT_TRUE(clock.await_waiters(1));  // it does wait
  clock.advance(1h);
  again.join();
}

TEST(Eventually, GivesUpAtItsLimitAndSeesWhatComes) {
  EXPECT_FALSE(eventually([] { return false; }, 1ms));
  int asked = 0;
  EXPECT_TRUE(eventually([&] { return ++asked == 3; }));
}

TEST(TempDir, IsGoneWithItsObject) {
  std::string path;
  {
    TempDir directory;
    path = directory.path();
    std::filesystem::create_directories(directory.file("a/b"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace muster::test
