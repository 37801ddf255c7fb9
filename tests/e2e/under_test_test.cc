// muster_under_test: time stands still until it is moved, and the process ends at the chosen kill point.
#include <csignal>

#include "tests/e2e/world/under_test_server.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

class UnderTest : public World {
 protected:
  std::vector<std::string> flags() {
    start_depsim({"-devices", "3", "-clock-skew", "1000d"});
    return {"-api-key", kApiKey,        "-http-addr",   "127.0.0.1:0", "-tls=false",
            "-depsim",  depsim().url(), "-config-path", data()};
  }
  const Time noon_ = from_millis(1'772'366'400'000);
};

TEST_F(UnderTest, TimeMovesWhenToldTo) {
  UnderTestServer server(flags(), noon_);
  server.await("sync.done");
  EXPECT_EQ(server.now(), noon_);
  EXPECT_EQ(server.advance(1min), noon_ + 1min);
  // The run's end is in the log before its successor is planned, 2 minutes later: so more than once, perhaps.
  EXPECT_TRUE(comes_true([&] {
    server.advance(3min);
    return server.events("sync.done").size() >= 2;
  })) << server.output();
  server.send_signal(SIGTERM);
  EXPECT_EQ(server.wait_exit(kDeadline), 0) << server.output();
}

TEST_F(UnderTest, AJumpOfTheWallClockIsSaidAndDelaysNothing) {
  UnderTestServer server(flags(), noon_);
  server.await("sync.done");
  EXPECT_EQ(server.jump(-5h), noon_ - 5h);
  EXPECT_EQ(server.now(), noon_ - 5h);
  for (size_t done = 1; done < 3; done = server.events("sync.done").size()) {
    ASSERT_LT(server.now(), noon_ - 4h) << server.output();
    server.advance(3min);
    (void)eventually([&] { return server.events("sync.done").size() > done; }, 3s);
  }
  EXPECT_LT(server.now(), noon_ - 4h) << "not when the wall clock has caught up";
  EXPECT_EQ(server.events("clock.jumped").at(0).number("by"), -5 * 3'600'000);
}

TEST_F(UnderTest, EndsAtThePassingOfAKillPoint) {
  const auto all = flags();
  std::map<std::string, long long> passed;
  {
    UnderTestServer server(all, noon_);
    server.await("sync.done");
    passed = server.passed();
    EXPECT_GE(passed["apple.before"], 2);
    EXPECT_EQ(passed["apple.before"], passed["apple.after"]);
    server.kill_at({"apple.before", 1});
    server.send_signal(SIGHUP);
    EXPECT_EQ(server.wait_exit(kDeadline), 128 + SIGKILL) << server.output();
  }
  EXPECT_THROW(UnderTestServer(all, noon_, KillAt{"commit.before", 1}), Killed);
}

}  // namespace
}  // namespace muster::test
