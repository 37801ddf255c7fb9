#include "sync/scheduler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <set>

#include "base/guarded.h"
#include "tests/support/eventually.h"
#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::in_changes;
using Next = std::optional<Time>;
constexpr AccountId kOne{1}, kTwo{2};

// Closed until it is opened.
class Gate {
 public:
  ~Gate() { open(); }
  void wait() const { opened_.wait(); }
  void open() {
    if (!is_open_.exchange(true)) go_.set_value();
  }

 private:
  std::promise<void> go_;
  std::shared_future<void> opened_ = go_.get_future().share();
  std::atomic<bool> is_open_{false};
};

// Runs until it is told to end.
void work_until(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait(lock, stop, [] { return false; });
}

bool is_idle(const Scheduler& scheduler, AccountId account) {
  const auto status = scheduler.status(account);
  return !status.running && !status.next_due;
}

TEST(Scheduler, RunsAnAccountWhenItIsAskedForAndWhenItIsDue) {
  ManualClock clock;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 2, in_changes([&](AccountId, const RunRequest&) -> Next {
                        ++runs;
                        return clock.now() + 2min;
                      }));
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.status(kOne).next_due == clock.now() + 2min; }));
  EXPECT_EQ(runs, 1);
  clock.advance(2min - 1ms);
  ASSERT_TRUE(eventually([&] { return clock.next_deadline() == clock.steady() + 1ms; }));
  EXPECT_EQ(runs, 1);
  clock.advance(1ms);
  EXPECT_TRUE(eventually([&] { return runs == 2; }));
}

TEST(Scheduler, AnAccountThatIsAddedHasEveryLaneRunAtOnceSideBySide) {
  ManualClock clock;
  Gate gate;
  Guarded<std::set<Lane>> at_work;
  Scheduler scheduler(clock, 4, [&](AccountId, Lane lane, const RunRequest& run) -> Next {
    EXPECT_FALSE(run.asked);
    at_work.with([&](auto& lanes) { lanes.insert(lane); });
    gate.wait();
    return std::nullopt;
  });
  scheduler.add(kOne);
  EXPECT_TRUE(eventually([&] { return at_work.with([](auto& lanes) { return lanes.size(); }) == 4; }));
  gate.open();
  EXPECT_TRUE(eventually([&] { return is_idle(scheduler, kOne); }));
}

TEST(Scheduler, EachLaneHasADueTimeOfItsOwn) {
  ManualClock clock;
  const Time start = clock.now();
  Scheduler scheduler(clock, 4, [&](AccountId, Lane lane, const RunRequest&) -> Next {
    if (lane == Lane::questions) return std::nullopt;
    return start + (lane == Lane::full_list ? 1h : lane == Lane::assignment ? 5min : 7min);
  });
  scheduler.add(kOne);
  ASSERT_TRUE(eventually(
      [&] { return !scheduler.status(kOne).running && scheduler.status(kOne).next_due == start + 5min; }));
  const auto status = scheduler.status(kOne);
  EXPECT_EQ(status.of(Lane::changes).next_due, start + 7min);
  EXPECT_EQ(status.of(Lane::full_list).next_due, start + 1h);
  EXPECT_EQ(status.of(Lane::assignment).next_due, start + 5min);
  EXPECT_EQ(status.of(Lane::questions).next_due, std::nullopt);
}

TEST(Scheduler, ItsQueueHasTheRunsThatAreDueAndWait) {
  ManualClock clock;
  Gate gate;
  Scheduler scheduler(clock, 1, in_changes([&](AccountId, const RunRequest&) -> Next {
                        gate.wait();
                        return clock.now() + 2min;
                      }));
  const auto queue = [&] {
    const auto now = scheduler.queue();
    constexpr auto kChanges = static_cast<size_t>(Lane::changes);
    return std::pair(now.running[kChanges], now.waiting[kChanges]);
  };
  for (const AccountId account : {kOne, kTwo}) scheduler.request(account);
  EXPECT_TRUE(eventually([&] { return queue() == std::pair(1LL, 1LL); }));
  gate.open();
  EXPECT_TRUE(eventually([&] { return queue() == std::pair(0LL, 0LL); }));
}

TEST(Scheduler, ManyRequestsWhileItWorksAreOneMoreRun) {
  ManualClock clock;
  std::atomic<int> runs{0}, at_once{0};
  Gate gate;
  Scheduler scheduler(clock, 4, in_changes([&](AccountId, const RunRequest& run) -> Next {
                        EXPECT_TRUE(run.asked);
                        EXPECT_EQ(++at_once, 1);
                        if (++runs == 1) gate.wait();
                        --at_once;
                        return std::nullopt;
                      }));
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1; }));
  for (int i = 0; i < 100; ++i) scheduler.request(kOne);
  gate.open();
  ASSERT_TRUE(eventually([&] { return runs == 2 && is_idle(scheduler, kOne); }));
  scheduler.stop();
  EXPECT_EQ(runs, 2);
}

TEST(Scheduler, AwaitsARunByItsTicket) {
  ManualClock clock;
  Gate gate;
  std::atomic<int> asked{0}, full{0}, full_lists{0};
  Scheduler scheduler(clock, 4, [&](AccountId, Lane lane, const RunRequest& run) -> Next {
    gate.wait();
    if (lane == Lane::changes) {
      asked += run.asked;
      full += run.full;
    }
    if (lane == Lane::full_list && run.full) {
      EXPECT_TRUE(run.asked);
      ++full_lists;
    }
    return std::nullopt;
  });
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.status(kOne).of(Lane::full_list).running; }));
  const auto first = scheduler.request(kOne), second = scheduler.request(kOne, true);
  EXPECT_FALSE(scheduler.await(kOne, first, 1ms));
  gate.open();
  EXPECT_TRUE(scheduler.await(kOne, second, 30s));
  EXPECT_TRUE(scheduler.await(kOne, first, 0ms)) << "one more run serves both";
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(full, 1);
  EXPECT_EQ(full_lists, 1);
  EXPECT_FALSE(scheduler.status(kOne).running);
}

// What a run in progress has not seen is not its to answer for.
TEST(Scheduler, ATicketIsNotForTheCurrentRun) {
  ManualClock clock;
  Gate first, second;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 4, in_changes([&](AccountId, const RunRequest&) -> Next {
                        (++runs == 1 ? first : second).wait();
                        return std::nullopt;
                      }));
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1; }));
  const auto ticket = scheduler.request(kOne);
  first.open();
  ASSERT_TRUE(eventually([&] { return runs == 2; }));
  EXPECT_FALSE(scheduler.await(kOne, ticket, 1ms));
  second.open();
  EXPECT_TRUE(scheduler.await(kOne, ticket, 30s));
}

TEST(Scheduler, ALaneThatIsWokenRunsAtOnceOrOnceMore) {
  ManualClock clock;
  Gate gate;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 4, [&](AccountId, Lane lane, const RunRequest& run) -> Next {
    if (lane != Lane::assignment) return std::nullopt;
    EXPECT_FALSE(run.asked);
    if (++runs == 2) gate.wait();
    return clock.now() + 1h;
  });
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1 && !scheduler.status(kOne).running; }));
  scheduler.wake(kOne, Lane::assignment);
  ASSERT_TRUE(eventually([&] { return runs == 2; }));
  for (int i = 0; i < 10; ++i) scheduler.wake(kOne, Lane::assignment);
  gate.open();
  EXPECT_TRUE(eventually([&] { return runs == 3 && scheduler.status(kOne).next_due == clock.now() + 1h; }));
  scheduler.wake(kTwo, Lane::assignment);
  EXPECT_TRUE(is_idle(scheduler, kTwo)) << "nobody knows that account";
}

TEST(Scheduler, AwaitIncludesTheLanesThatTheRunWoke) {
  ManualClock clock;
  Gate gate;
  std::atomic<bool> assigned{false};
  std::optional<Scheduler> scheduler;
  scheduler.emplace(clock, 4, [&](AccountId account, Lane lane, const RunRequest& run) -> Next {
    if (lane == Lane::changes && run.asked) scheduler->wake(account, Lane::assignment);
    if (lane == Lane::assignment) {
      gate.wait();
      assigned = true;
    }
    return clock.now() + 1h;
  });
  const auto ticket = scheduler->request(kOne);
  EXPECT_FALSE(scheduler->await(kOne, ticket, 20ms));
  gate.open();
  EXPECT_TRUE(scheduler->await(kOne, ticket, 30s));
  EXPECT_TRUE(assigned);
  scheduler.reset();
}

TEST(Scheduler, NobodyAwaitsTheFullListWhoDidNotAskForIt) {
  ManualClock clock;
  Gate gate;
  std::atomic<bool> reads{false};
  Scheduler scheduler(clock, 4, [&](AccountId, Lane lane, const RunRequest&) -> Next {
    if (lane == Lane::full_list) {
      reads = true;
      gate.wait();
    }
    return clock.now() + 1h;
  });
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return reads.load(); }));
  EXPECT_TRUE(scheduler.await(kOne, scheduler.request(kOne), 30s));
  const auto full = scheduler.request(kOne, true);
  EXPECT_FALSE(scheduler.await(kOne, full, 20ms));
  gate.open();
  EXPECT_TRUE(scheduler.await(kOne, full, 30s));
}

TEST(Scheduler, ASyncThatHasNoCursorAwaitsTheFullListWhichGivesIt) {
  ManualClock clock;
  Gate gate;
  std::atomic<bool> has_cursor{false}, was_read{false};
  Scheduler* lanes = nullptr;
  Scheduler scheduler(clock, 4, [&](AccountId account, Lane lane, const RunRequest&) -> Next {
    if (lane == Lane::changes) {
      was_read = has_cursor.load();
      return has_cursor ? Next(clock.now() + 1h) : std::nullopt;
    }
    if (lane == Lane::full_list) {
      gate.wait();
      has_cursor = true;
      lanes->wake(account, Lane::changes);
      return clock.now() + 24h;
    }
    return std::nullopt;
  });
  lanes = &scheduler;
  scheduler.add(kOne);
  const auto ticket = scheduler.request(kOne);
  EXPECT_FALSE(scheduler.await(kOne, ticket, 20ms));
  gate.open();
  EXPECT_TRUE(scheduler.await(kOne, ticket, 30s));
  EXPECT_TRUE(was_read);
}

TEST(Scheduler, AWaitEndsWithItsStopToken) {
  ManualClock clock;
  Gate gate;
  Scheduler scheduler(clock, 1, in_changes([&](AccountId, const RunRequest&) -> Next {
                        gate.wait();
                        return std::nullopt;
                      }));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(scheduler.await(kOne, scheduler.request(kOne), 30s, stop.get_token()));
  gate.open();
}

// Accounts 1 to `count` are kept waiting until the gate opens; all others are done at once.
class SlowOnes {
 public:
  explicit SlowOnes(int count) : count_(count) {}
  Next operator()(AccountId account, const RunRequest&) {
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
  void open() { gate_.open(); }
  std::atomic<int> waiting{0}, quick_runs{0};

 private:
  const int count_;
  Gate gate_;
};

TEST(Scheduler, SlowRunsYieldTheirWorker) {
  ManualClock clock;
  SlowOnes work(2);
  Scheduler scheduler(clock, 2, in_changes(std::ref(work)));
  scheduler.request(AccountId{1});
  scheduler.request(AccountId{2});
  ASSERT_TRUE(eventually([&] { return work.waiting == 2; }));
  scheduler.request(AccountId{3});
  ASSERT_TRUE(eventually([&] { return clock.next_deadline() == clock.steady() + Scheduler::kSlow; }));
  EXPECT_EQ(work.quick_runs, 0) << "both workers are taken";
  clock.advance(Scheduler::kSlow);
  EXPECT_TRUE(eventually([&] { return work.quick_runs == 1; }));
  EXPECT_EQ(work.waiting, 2);
  work.open();
}

TEST(Scheduler, LanesKnownToBeSlowHaveWorkersOfTheirOwn) {
  constexpr int kSlowOnes = 10, kWorkers = 2;
  ManualClock clock;
  std::atomic<bool> learning{true};
  std::atomic<int> learnt{0};
  SlowOnes work(kSlowOnes);
  Scheduler scheduler(clock, kWorkers, in_changes([&](AccountId account, const RunRequest& run) -> Next {
                        if (!learning) return work(account, run);
                        clock.advance(Scheduler::kSlow);  // it takes that long
                        ++learnt;
                        return std::nullopt;
                      }));
  for (int i = 1; i <= kSlowOnes; ++i) {
    scheduler.request(AccountId{i});
    ASSERT_TRUE(eventually([&] { return learnt == i; }));
  }
  learning = false;
  for (int i = 1; i <= kSlowOnes; ++i) scheduler.request(AccountId{i});
  ASSERT_TRUE(eventually([&] { return work.waiting == kWorkers; }));
  for (int i = 1; i <= 20; ++i) {
    scheduler.request(AccountId{100 + i});
    ASSERT_TRUE(eventually([&] { return work.quick_runs == i; })) << "without any time passing";
  }
  EXPECT_EQ(work.waiting, kWorkers);
  work.open();
  EXPECT_TRUE(eventually([&] { return work.waiting == 0; }));
}

TEST(Scheduler, ASlowLaneHoldsUpNoOtherOfItsAccountNorAnotherAccount) {
  ManualClock clock;
  Gate gate;
  std::atomic<bool> assigned{false}, second{false};
  Scheduler scheduler(clock, 2, [&](AccountId account, Lane lane, const RunRequest&) -> Next {
    if (account == kTwo)
      second = true;
    else if (lane == Lane::changes)
      gate.wait();
    else if (lane == Lane::assignment)
      assigned = true;
    return std::nullopt;
  });
  scheduler.add(kOne);
  scheduler.request(kTwo);
  EXPECT_TRUE(eventually([&] { return assigned && second; }));
  EXPECT_TRUE(scheduler.status(kOne).of(Lane::changes).running);
  gate.open();
}

TEST(Scheduler, ARestartEndsEveryLaneUnderWayAndNoOtherAccount) {
  ManualClock clock;
  std::atomic<int> runs{0}, ended{0}, asked{0};
  std::atomic<bool> other_runs{false}, other_ended{false};
  Scheduler scheduler(clock, 5, [&](AccountId account, Lane, const RunRequest& run) -> Next {
    if (account == kTwo) {
      other_runs = true;
      work_until(run.stop);
      other_ended = true;
    } else if (++runs <= 4) {
      work_until(run.stop);
      ++ended;
    } else {
      asked += run.asked;
    }
    return std::nullopt;
  });
  scheduler.add(kOne);
  scheduler.request(kTwo);
  ASSERT_TRUE(eventually([&] { return runs == 4 && other_runs; }));
  scheduler.restart(kOne);
  EXPECT_TRUE(eventually([&] { return runs == 8 && is_idle(scheduler, kOne); }));
  EXPECT_EQ(ended, 4);
  EXPECT_EQ(asked, 4);
  EXPECT_FALSE(other_ended);
  scheduler.stop();
  EXPECT_TRUE(other_ended);
}

TEST(Scheduler, ARestartOfAnIdleAccountRunsEveryLane) {
  ManualClock clock;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 4, [&](AccountId, Lane, const RunRequest& run) -> Next {
    EXPECT_FALSE(run.stop.stop_requested());
    ++runs;
    return clock.now() + 1h;
  });
  const auto rests = [&] {
    const auto status = scheduler.status(kOne);
    return !status.running && status.next_due == clock.now() + 1h;
  };
  scheduler.restart(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 4 && rests(); }));
  scheduler.restart(kOne);
  EXPECT_TRUE(eventually([&] { return runs == 8 && rests(); }));
}

TEST(Scheduler, ARetiredAccountIsForgottenOnceItHasNothingToDo) {
  ManualClock clock;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 1, in_changes([&](AccountId, const RunRequest&) -> Next {
                        if (++runs == 1) return clock.now() + 1h;
                        if (runs == 2) return clock.now() + 1min;  // not all could be erased
                        return std::nullopt;
                      }));
  const auto ticket = scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.status(kOne).next_due == clock.now() + 1h; }));
  scheduler.retire(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.status(kOne).next_due == clock.now() + 1min; }));
  EXPECT_FALSE(scheduler.await(kOne, ticket + 1000, 0ms));
  clock.advance(1min);
  ASSERT_TRUE(eventually([&] { return runs == 3; }));
  EXPECT_TRUE(scheduler.await(kOne, ticket + 1000, 10s)) << "nobody waits for what is gone";
}

TEST(Scheduler, ARetiredAccountIsErasedWhileNoLaneOfItRuns) {
  ManualClock clock;
  Gate gate;
  std::atomic<int> others{0}, erasing{0}, late{0};
  std::atomic<bool> retired{false};
  Scheduler scheduler(clock, 4, [&](AccountId account, Lane lane, const RunRequest& run) -> Next {
    if (lane == Lane::changes) {
      if (account == kTwo || !retired) return clock.now() + 1h;
      ++erasing;
      EXPECT_EQ(others, 0);
      return std::nullopt;
    }
    if (retired) ++late;
    ++others;
    work_until(run.stop);
    gate.wait();
    --others;
    return clock.now() + 1min;
  });
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return others == 3 && scheduler.status(kOne).next_due; }));
  retired = true;
  scheduler.retire(kOne);
  scheduler.wake(kOne, Lane::assignment);
  scheduler.request(kTwo);  // the dispatcher has looked, and found that it may not begin
  ASSERT_TRUE(eventually([&] { return scheduler.status(kTwo).next_due.has_value(); }));
  EXPECT_EQ(erasing, 0);
  gate.open();
  EXPECT_TRUE(eventually([&] { return erasing == 1 && is_idle(scheduler, kOne); }));
  clock.advance(1h);
  scheduler.stop();
  EXPECT_EQ(late, 0) << "a lane of a removed account has nothing to do";
}

TEST(Scheduler, StopRequestsAllRunsToStopAndWaits) {
  ManualClock clock;
  std::atomic<bool> started{false}, ended{false};
  Scheduler scheduler(clock, 1, in_changes([&](AccountId, const RunRequest& run) -> Next {
                        started = true;
                        work_until(run.stop);
                        ended = true;
                        return std::nullopt;
                      }));
  scheduler.request(kOne);
  ASSERT_TRUE(eventually([&] { return started.load(); }));
  scheduler.stop();
  EXPECT_TRUE(ended);
}

TEST(SchedulerHooks, SayThatAnAccountIsAtRest) {
  ManualClock clock;
  Gate gate, hook;
  std::atomic<int> rests{0}, runs{0};
  Scheduler scheduler(clock, 4,
                      [&](AccountId, Lane lane, const RunRequest&) -> Next {
                        ++runs;
                        if (lane == Lane::questions) gate.wait();
                        return clock.now() + 1h;
                      },
                      {.on_idle =
                           [&](AccountId account) {
                             EXPECT_EQ(account, kOne);
                             ++rests;
                             hook.wait();
                           },
                       .clock_jumped = {}});
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 4; }));
  EXPECT_EQ(rests, 0) << "a lane is at work";
  gate.open();
  ASSERT_TRUE(eventually([&] { return rests == 1; }));
  EXPECT_TRUE(scheduler.status(kOne).running) << "until it was said";
  const auto ticket = scheduler.request(kOne);
  EXPECT_FALSE(scheduler.await(kOne, ticket, 20ms));
  EXPECT_EQ(runs, 4) << "no run begins meanwhile";
  hook.open();
  EXPECT_TRUE(scheduler.await(kOne, ticket, 30s));
  EXPECT_EQ(runs, 5);
  EXPECT_EQ(rests, 2);
}

TEST(SchedulerDrops, AnAccountThatAnotherServerTakesHasNoMoreRuns) {
  ManualClock clock;
  std::atomic<int> runs{0}, stopped{0};
  Scheduler scheduler(clock, 2, in_changes([&](AccountId, const RunRequest& run) -> Next {
                        ++runs;
                        work_until(run.stop);
                        ++stopped;
                        return clock.now();
                      }));
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1; }));
  EXPECT_FALSE(scheduler.is_forgotten(kOne));
  EXPECT_EQ(scheduler.running(), std::vector{kOne});
  scheduler.drop(kOne);
  scheduler.request(kOne);
  scheduler.wake(kOne, Lane::changes);
  scheduler.restart(kOne);
  ASSERT_TRUE(eventually([&] { return scheduler.is_forgotten(kOne); }));
  EXPECT_EQ(stopped, 1);
  EXPECT_EQ(runs, 1);
}

TEST(SchedulerDrops, AnAccountThatComesBackRunsAgain) {
  ManualClock clock;
  Gate gate;
  std::atomic<int> runs{0};
  Scheduler scheduler(clock, 2, in_changes([&](AccountId, const RunRequest&) -> Next {
                        if (++runs == 1) gate.wait();
                        return std::nullopt;
                      }));
  scheduler.add(kOne);
  ASSERT_TRUE(eventually([&] { return runs == 1; }));
  scheduler.drop(kOne);
  scheduler.add(kOne);  // while its run has not ended
  gate.open();
  EXPECT_TRUE(eventually([&] { return runs == 2; }));
  scheduler.drop(kTwo);  // never added
  EXPECT_TRUE(scheduler.is_forgotten(kTwo));
}

}  // namespace
}  // namespace muster::sync
