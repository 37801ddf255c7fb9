#include "api/access/wrong_keys.h"

#include <gmock/gmock.h>

namespace muster::api {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Told = std::vector<std::pair<std::string, long long>>;

class WrongKeysTest : public testing::Test {
 protected:
  Told told() { return std::exchange(told_, {}); }
  Told told_;
  WrongKeys keys_{
      [this](const std::string& address, long long count) { told_.emplace_back(address, count); }};
  Tick now_{1h};
};

TEST_F(WrongKeysTest, TenAreFreeInAMinute) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(keys_.add("192.0.2.1", now_), std::nullopt) << i;
    now_ += 1s;
  }
  EXPECT_EQ(keys_.wait_of("192.0.2.1", now_), std::nullopt);
  EXPECT_EQ(keys_.add("192.0.2.1", now_), Millis(50s));
  EXPECT_EQ(keys_.wait_of("192.0.2.1", now_), Millis(50s));
  EXPECT_EQ(keys_.add("192.0.2.2", now_), std::nullopt) << "another address";
  EXPECT_EQ(keys_.add("192.0.2.1", now_ + 50s), std::nullopt) << "the minute is over";
}

TEST_F(WrongKeysTest, AreToldOnceAMinuteWithTheirNumber) {
  for (int i = 0; i < 1000; ++i) (void)keys_.add("192.0.2.1", now_);
  EXPECT_THAT(told(), ElementsAre(Pair("192.0.2.1", 1))) << "at once";
  keys_.tell_rest(now_ + 59s);
  EXPECT_THAT(told(), IsEmpty());
  keys_.tell_rest(now_ + 60s);
  EXPECT_THAT(told(), ElementsAre(Pair("192.0.2.1", 999)));
  (void)keys_.add("192.0.2.1", now_ + 90s);
  EXPECT_THAT(told(), IsEmpty()) << "within a minute of the last line";
  keys_.tell_rest(now_ + 120s);
  EXPECT_THAT(told(), ElementsAre(Pair("192.0.2.1", 1)));
  keys_.tell_rest(now_ + 180s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(WrongKeysTest, WithoutAnyoneWhoAsksTheNextOneTells) {
  for (int i = 0; i < 3; ++i) (void)keys_.add("192.0.2.1", now_);
  (void)told();
  (void)keys_.add("192.0.2.1", now_ + 60s);
  EXPECT_THAT(told(), ElementsAre(Pair("192.0.2.1", 2)));
}

TEST_F(WrongKeysTest, AddressesOfOneClientAreOne) {
  EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network_of("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
  EXPECT_EQ(network_of("::1"), "::1");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("?"), "?");
  for (int i = 0; i < 11; ++i) (void)keys_.add("2001:db8::" + std::to_string(i), now_);
  EXPECT_TRUE(keys_.wait_of("2001:db8::99", now_));
}

TEST_F(WrongKeysTest, ManyAddressesDoNotFillTheMemory) {
  const auto address = [](size_t i) {
    return "10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." +
           std::to_string(i % 256);
  };
  for (int i = 0; i < 11; ++i) (void)keys_.add("192.0.2.1", now_);
  for (size_t i = 0; i < WrongKeys::kMostAddresses; ++i) (void)keys_.add(address(i), now_ + 1ms);
  EXPECT_EQ(keys_.wait_of("192.0.2.1", now_ + 1ms), std::nullopt) << "the oldest made room";
}

}  // namespace
}  // namespace muster::api
