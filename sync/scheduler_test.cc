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
  Scheduler scheduler(clock, 2, [&](AccountId, const Turn&) -> std::optional<Time> {
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
  Scheduler scheduler(clock, 4, [&](AccountId, const Turn& turn) -> std::optional<Time> {
    EXPECT_EQ(++at_once, 1);
    if (++runs == 1) {
      EXPECT_FALSE(turn.interrupted());
      gate.wait();
      EXPECT_TRUE(turn.interrupted());
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

TEST(Scheduler, ATurnIsAwaitedByItsNumber) {
  ManualClock clock;
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future();
  std::atomic<int> asked{0}, full{0};
  Scheduler scheduler(clock, 1, [&](AccountId, const Turn& turn) -> std::optional<Time> {
    gate.wait();
    asked += turn.asked;
    full += turn.full;
    return std::nullopt;
  });
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.status(kOne).running; }));
  const auto first = scheduler.request(kOne);
  EXPECT_EQ(scheduler.request(kOne, true), first) << "one more turn serves both";
  EXPECT_FALSE(scheduler.await(kOne, first, 1ms));
  go.set_value();
  EXPECT_TRUE(scheduler.await(kOne, first, 30s));
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(full, 1);
  EXPECT_FALSE(scheduler.status(kOne).running);
}

// Accounts 1 to `count` are kept waiting until the gate opens; all others are done at once.
class SlowOnes {
 public:
  explicit SlowOnes(int count) : count_(count) {}
  ~SlowOnes() { open(); }
  std::optional<Time> operator()(AccountId account, const Turn&) {
    const auto number = static_cast<int>(account);
    if (number > count_) {
      ++quick_runs;
      return std::nullopt;
    }
    ++waiting;
    gate_.wait();
    --waiting;
    return std::nullopt;
  }
  void open() {
    if (!open_.exchange(true)) go_.set_value();
  }
  std::atomic<int> waiting{0}, quick_runs{0};

 private:
  const int count_;
  std::promise<void> go_;
  std::shared_future<void> gate_ = go_.get_future().share();
  std::atomic<bool> open_{false};
};

TEST(Scheduler, JobsThatTakeLongGiveWayToOthers) {
  ManualClock clock;
  SlowOnes job(2);
  Scheduler scheduler(clock, 2, std::ref(job));
  scheduler.request(AccountId{1});
  scheduler.request(AccountId{2});
  ASSERT_TRUE(eventually([&] { return job.waiting == 2; }));
  scheduler.request(AccountId{3});
  ASSERT_TRUE(eventually([&] { return clock.next_deadline() == clock.now() + Scheduler::kSlow; }));
  EXPECT_EQ(job.quick_runs, 0) << "both workers are taken";
  clock.advance(Scheduler::kSlow);
  EXPECT_TRUE(eventually([&] { return job.quick_runs == 1; }));
  EXPECT_EQ(job.waiting, 2);
  job.open();
}

TEST(Scheduler, AccountsKnownToBeSlowHaveWorkersOfTheirOwn) {
  constexpr int kSlowOnes = 10, kWorkers = 2;
  ManualClock clock;
  std::atomic<bool> learning{true};
  std::atomic<int> learnt{0};
  SlowOnes job(kSlowOnes);
  Scheduler scheduler(clock, kWorkers, [&](AccountId account, const Turn& turn) -> std::optional<Time> {
    if (!learning) return job(account, turn);
    clock.advance(Scheduler::kSlow);  // it takes that long
    ++learnt;
    return std::nullopt;
  });
  for (int i = 1; i <= kSlowOnes; ++i) {
    scheduler.request(AccountId{i});
    ASSERT_TRUE(eventually([&] { return learnt == i; }));
  }
  learning = false;
  for (int i = 1; i <= kSlowOnes; ++i) scheduler.request(AccountId{i});
  ASSERT_TRUE(eventually([&] { return job.waiting == kWorkers; }));
  for (int i = 1; i <= 20; ++i) {
    scheduler.request(AccountId{100 + i});
    ASSERT_TRUE(eventually([&] { return job.quick_runs == i; })) << "without any time passing";
  }
  EXPECT_EQ(job.waiting, kWorkers);
  job.open();
  EXPECT_TRUE(eventually([&] { return job.waiting == 0; }));
}

TEST(Scheduler, ASlowAccountDoesNotHoldAnother) {
  ManualClock clock;
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future();
  std::atomic<bool> second{false};
  Scheduler scheduler(clock, 2, [&](AccountId account, const Turn&) -> std::optional<Time> {
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

// A job that goes on until it is told to end.
void work_until(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait(lock, stop, [] { return false; });
}

TEST(Scheduler, ARestartEndsTheJobUnderWayAndNoOther) {
  ManualClock clock;
  std::atomic<int> runs{0}, ended{0};
  std::atomic<bool> other_runs{false}, other_ended{false};
  Scheduler scheduler(clock, 2, [&](AccountId account, const Turn& turn) -> std::optional<Time> {
    if (account == kTwo) {
      other_runs = true;
      work_until(turn.stop);
      other_ended = true;
    } else if (++runs == 1) {
      work_until(turn.stop);
      ++ended;
    }
    return std::nullopt;
  });
  scheduler.request(kOne);
  scheduler.request(kTwo);
  ASSERT_TRUE(eventually([&] { return runs == 1 && other_runs; }));
  scheduler.restart(kOne);
  EXPECT_TRUE(eventually([&] { return runs == 2; }));
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(other_ended);
  scheduler.stop();
  EXPECT_TRUE(other_ended);
}

TEST(Scheduler, ARestartOfAnIdleAccountIsARequest) {
  ManualClock clock;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 1, [&](AccountId, const Turn& turn) -> std::optional<Time> {
    EXPECT_FALSE(turn.stop.stop_requested());
    ++runs;
    return clock.now() + 1h;
  });
  scheduler.restart(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1 && clock.next_deadline() == clock.now() + 1h; }));
  scheduler.restart(kOne);
  EXPECT_TRUE(eventually([&] { return runs == 2; }));
}

TEST(Scheduler, ARetiredAccountIsForgottenOnceItHasNothingToDo) {
  ManualClock clock;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 1, [&](AccountId, const Turn&) -> std::optional<Time> {
    if (++runs == 1) return clock.now() + 1h;
    if (runs == 2) return clock.now() + 1min;  // not all could be erased
    return std::nullopt;
  });
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.status(kOne).next_due == clock.now() + 1h; }));
  scheduler.retire(kOne);
  ASSERT_TRUE(eventually([&] { return clock.next_deadline() == clock.now() + 1min; }));
  clock.advance(1min);
  ASSERT_TRUE(eventually([&] { return runs == 3; }));
  EXPECT_TRUE(
      eventually([&] { return !scheduler.status(kOne).next_due && !scheduler.status(kOne).running; }));
  EXPECT_TRUE(scheduler.await(kOne, 1000, 10s)) << "nobody waits for what is gone";
}

TEST(Scheduler, StopTellsTheJobsAndWaitsForThem) {
  ManualClock clock;
  std::atomic<bool> started{false}, ended{false};
  Scheduler scheduler(clock, 1, [&](AccountId, const Turn& turn) -> std::optional<Time> {
    started = true;
    work_until(turn.stop);
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
