// A sender rests while devices are worked, and only then.
#include "sync/webhooks/give_way.h"

#include <gtest/gtest.h>
#include <time.h>

#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// Of the processor, by this thread.
void work_for(std::chrono::milliseconds time) {
  const auto used = [] {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  for (const auto end = used() + time; used() < end;) {
  }
}

class GiveWayTest : public testing::Test {
 protected:
  ManualClock clock_{kNow};
  LastNews news_;
  GiveWay give_way_{news_, clock_};
  std::stop_source stop_;
};

TEST_F(GiveWayTest, NobodyRestsWithoutNews) {
  EXPECT_FALSE(give_way_.rest(stop_.get_token()));
  work_for(20ms);
  EXPECT_FALSE(give_way_.rest(stop_.get_token()));
  news_.come(clock_.steady());
  clock_.advance(3s);
  work_for(20ms);
  EXPECT_FALSE(give_way_.rest(stop_.get_token())) << "they are old";
}

TEST_F(GiveWayTest, WhoWorksRestsWhileNewsAreFresh) {
  news_.come(clock_.steady());
  EXPECT_FALSE(give_way_.rest(stop_.get_token())) << "nothing was done yet";
  work_for(10ms);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(give_way_.rest(stop_.get_token()));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 10ms * 10) << "many times what was done";
}

TEST_F(GiveWayTest, TheEndInterruptsIt) {
  news_.come(clock_.steady());
  (void)give_way_.rest(stop_.get_token());
  stop_.request_stop();
  work_for(50ms);
  EXPECT_TRUE(give_way_.rest(stop_.get_token()));
}

}  // namespace
}  // namespace muster::sync
