#include "base/threads/meanwhile.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/result.h"

namespace muster {
namespace {

TEST(Meanwhile, GivesWhatTheOtherThreadFound) {
  for (const bool aside : {true, false}) {
    Meanwhile<Result<std::thread::id>> work(
        aside, [] { return Result<std::thread::id>(std::this_thread::get_id()); });
    const auto id = work.get();
    ASSERT_TRUE(id);
    EXPECT_EQ(*id != std::this_thread::get_id(), aside);
  }
}

TEST(Meanwhile, EndsWithWhatItsOwnerWorksFor) {
  std::stop_source server;
  const Wanted wanted(server.get_token());
  Meanwhile<Result<int>> work(true, []() -> Result<int> {
    while (Wanted::still(true)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return failure(Code::cancelled, "it is not wanted");
  });
  server.request_stop();
  EXPECT_FALSE(work.get());
}

}  // namespace
}  // namespace muster
