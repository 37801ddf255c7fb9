#include "store/sqlite/engine/cpu_limit.h"

#include <gtest/gtest.h>

#include <thread>

namespace muster::sqlite {
namespace {

using namespace std::chrono_literals;

void work_for(std::chrono::nanoseconds time) {
  const CpuLimit limit(time);
  while (!limit.is_reached()) {
  }
}

TEST(CpuLimit, CountsWhatThisThreadUsesAndNothingElse) {
  const CpuLimit limit(20ms);
  std::thread([] { work_for(60ms); }).join();
  EXPECT_FALSE(limit.is_reached()) << "time passed, and another thread worked";
  work_for(30ms);
  EXPECT_TRUE(limit.is_reached());
}

}  // namespace
}  // namespace muster::sqlite
