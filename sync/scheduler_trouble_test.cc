// The scheduler when the wall clock is set, and when a run throws.
#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <stdexcept>

#include "base/guarded.h"
#include "base/log/log.h"
#include "base/threads/contain.h"
#include "sync/scheduler.h"
#include "tests/support/eventually.h"
#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::in_changes;
using testing::ElementsAre;
using Next = std::optional<Time>;

constexpr AccountId kAccount{1};

// What a work and the hooks saw, in order.
class Diary {
 public:
  void add(const std::string& line) {
    lines_.with([&](auto& lines) { lines.push_back(line); });
  }
  std::vector<std::string> lines() const {
    return lines_.with([](const auto& lines) { return lines; });
  }

 private:
  Guarded<std::vector<std::string>> lines_;
};

class ClockJumps : public testing::Test {
 protected:
  ClockJumps()
      : scheduler_(clock_, 2, in_changes([this](AccountId, const RunRequest&) -> Next {
                     diary_.add("run");
                     const Time now = clock_.now();
                     if (jump_in_turn_ != 0ms) clock_.jump(std::exchange(jump_in_turn_, 0ms));
                     return now + 2min;
                   }),
                   {.on_idle = {}, .clock_jumped = [this](Millis by) {
                      diary_.add("jump " + std::to_string(by.count()));
                    }}) {
    scheduler_.request(kAccount);
    EXPECT_TRUE(eventually([&] { return is_due_in(2min); }));
  }
  ~ClockJumps() override { scheduler_.stop(); }

  bool is_due_in(Millis wait) const { return scheduler_.status(kAccount).next_due == clock_.now() + wait; }

  ManualClock clock_;
  Diary diary_;
  Millis jump_in_turn_{0};
  Scheduler scheduler_;
};

TEST_F(ClockJumps, DelayNothing) {
  for (const Millis by : {Millis(-5h), Millis(5h)}) {
    const size_t runs = diary_.lines().size();
    clock_.jump(by);
    EXPECT_TRUE(is_due_in(2min)) << "the same time to wait, another time on the wall";
    clock_.advance(2min - 1ms);
    ASSERT_TRUE(eventually([&] { return diary_.lines().size() == runs + 1; }));
    clock_.advance(1ms);
    ASSERT_TRUE(eventually([&] { return is_due_in(2min) && diary_.lines().size() == runs + 2; }));
  }
  EXPECT_THAT(diary_.lines(), ElementsAre("run", "jump -18000000", "run", "jump 18000000", "run"));
}

TEST_F(ClockJumps, AreSaidWithinAMinuteThoughNothingIsDue) {
  clock_.jump(1h);
  ASSERT_TRUE(clock_.await_waiters(1));
  clock_.advance(Scheduler::kClockCheck);
  EXPECT_TRUE(eventually([&] { return diary_.lines().size() == 2; }));
  EXPECT_THAT(diary_.lines(), ElementsAre("run", "jump 3600000"));
}

TEST_F(ClockJumps, AreReportedBeforeARequestedRun) {
  clock_.jump(-1h);
  EXPECT_TRUE(scheduler_.await(kAccount, scheduler_.request(kAccount), 30s));
  EXPECT_THAT(diary_.lines(), ElementsAre("run", "jump -3600000", "run"));
}

TEST_F(ClockJumps, ThatAreSmallAreSaidWhenTheyAddUp) {
  clock_.jump(Scheduler::kClockJump - 1ms);
  scheduler_.await(kAccount, scheduler_.request(kAccount), 30s);
  clock_.jump(1ms);
  scheduler_.await(kAccount, scheduler_.request(kAccount), 30s);
  EXPECT_THAT(diary_.lines(), ElementsAre("run", "run", "jump 5000", "run"));
}

TEST_F(ClockJumps, DuringARunRepeatTheRun) {
  jump_in_turn_ = -5h;
  scheduler_.request(kAccount);
  EXPECT_TRUE(eventually([&] { return diary_.lines().size() == 4 && is_due_in(2min); }));
  EXPECT_THAT(diary_.lines(), ElementsAre("run", "run", "jump -18000000", "run"));
}

// Lane changes throws as long as it is told to.
class Throwing : public testing::Test {
 protected:
  Throwing() { log::set_level(log::Level::error); }
  ~Throwing() override { scheduler_.stop(); }

  Next run(Lane lane, const RunRequest& run) {
    if (lane != Lane::changes) {
      ++others_;
      return std::nullopt;
    }
    ++turns_;
    asked_ += run.asked;
    if (throws_) throw std::runtime_error("odd");
    return clock_.now() + 2h;
  }
  // By the wall clock, with account_wait()'s jitter.
  bool waits(Millis wait) const {
    const auto status = scheduler_.status(kAccount);
    return !status.running && status.next_due && *status.next_due >= clock_.now() + wait &&
           *status.next_due <= clock_.now() + wait * 11 / 10;
  }

  ManualClock clock_;
  std::atomic<int> turns_{0}, asked_{0}, others_{0}, rests_{0};
  std::atomic<bool> throws_{true};
  const long long before_ = internal_errors(Place::run);
  Scheduler scheduler_{clock_,
                       2,
                       [this](AccountId, Lane lane, const RunRequest& begun) { return run(lane, begun); },
                       {.on_idle =
                            [this](AccountId) {
                              ++rests_;
                              throw 42;
                            },
                        .clock_jumped = {}}};
};

TEST_F(Throwing, BacksOffAndEndsNothingElse) {
  scheduler_.add(kAccount);
  Millis wait = 1s;
  for (int failures = 1; failures <= 7; ++failures) {
    ASSERT_TRUE(eventually([&] { return turns_ == failures && waits(wait); })) << failures;
    if (failures == 7) throws_ = false;
    clock_.advance(wait * 11 / 10);
    wait = std::min<Millis>(4 * wait, 15min);
  }
  EXPECT_EQ(others_, 3);
  EXPECT_TRUE(eventually([&] { return scheduler_.status(kAccount).next_due == clock_.now() + 2h; }));
  EXPECT_EQ(turns_, 8);
  EXPECT_GE(internal_errors(Place::run), before_ + 7);
}

TEST_F(Throwing, IsForOperatorsToTryAtOnceButNotForOtherLanes) {
  scheduler_.request(kAccount);
  ASSERT_TRUE(eventually([&] { return turns_ == 1 && waits(1s); }));
  scheduler_.wake(kAccount, Lane::changes);
  EXPECT_TRUE(waits(1s)) << "it was woken, and throws all the same";
  EXPECT_TRUE(scheduler_.await(kAccount, scheduler_.request(kAccount), 30s)) << "a run that threw has ended";
  EXPECT_EQ(turns_, 2);
}

// The operator's request was not served by a run that threw.
TEST_F(Throwing, IsTriedAgainAsItWasAsked) {
  scheduler_.request(kAccount, true);
  ASSERT_TRUE(eventually([&] { return turns_ == 1 && waits(1s); }));
  throws_ = false;
  clock_.advance(1100ms);
  ASSERT_TRUE(eventually([&] { return turns_ == 2 && waits(2h); }));
  EXPECT_EQ(asked_, 2);
  clock_.advance(2h);
  ASSERT_TRUE(eventually([&] { return turns_ == 3; }));
  EXPECT_EQ(asked_, 2);
}

TEST_F(Throwing, InAHookIsContainedToo) {
  throws_ = false;
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(scheduler_.await(kAccount, scheduler_.request(kAccount), 30s));
    EXPECT_EQ(rests_, i);
  }
  EXPECT_EQ(internal_errors(Place::run), before_ + 3);
}

}  // namespace
}  // namespace muster::sync
