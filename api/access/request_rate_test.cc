#include "api/access/request_rate.h"

#include <gtest/gtest.h>

namespace muster::api {
namespace {

using namespace std::chrono_literals;

class RequestRateTest : public testing::Test {
 protected:
  // How many of `count` requests are let through.
  int let_through(int count, const std::string& key = "ci", const std::string& address = "192.0.2.1") {
    int taken = 0;
    for (int i = 0; i < count; ++i) taken += !rate_.take(key, address, now_);
    return taken;
  }
  RequestRate rate_{10};
  RequestRate::RealTime now_{1h};
};

TEST_F(RequestRateTest, AQuietClientMaySendTenSecondsWorthAtOnce) {
  EXPECT_EQ(let_through(1000), 100);
  EXPECT_EQ(rate_.take("ci", "192.0.2.1", now_), Millis(100));
  now_ += 1s;
  EXPECT_EQ(let_through(1000), 10);
  now_ += 1h;
  EXPECT_EQ(let_through(1000), 100);
}

TEST_F(RequestRateTest, EachKeyAndAddressHasItsOwn) {
  EXPECT_EQ(let_through(1000), 100);
  EXPECT_EQ(let_through(1000, "other"), 100);
  EXPECT_EQ(let_through(1000, "ci", "192.0.2.2"), 100);
  EXPECT_EQ(let_through(1000, "ci", "2001:db8::1"), 100);
  EXPECT_EQ(let_through(1000, "ci", "2001:db8::2"), 0) << "one network";
}

TEST_F(RequestRateTest, ZeroIsNoLimit) {
  RequestRate none(0);
  for (int i = 0; i < 10'000; ++i) EXPECT_FALSE(none.take("ci", "192.0.2.1", now_));
}

TEST_F(RequestRateTest, ManyClientsDoNotFillTheMemory) {
  EXPECT_EQ(let_through(1000), 100);
  for (size_t i = 0; i < RequestRate::kMostClients - 1; ++i)
    (void)rate_.take("ci", std::to_string(i), now_ - 1h);
  EXPECT_EQ(let_through(1000), 0) << "all have a place";
  (void)rate_.take("ci", "one more", now_);
  EXPECT_EQ(let_through(1000), 0) << "those that are quiet are forgotten, and this one is not";
}

}  // namespace
}  // namespace muster::api
