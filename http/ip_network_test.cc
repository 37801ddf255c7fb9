#include "http/ip_network.h"

#include <gmock/gmock.h>

namespace muster::http {
namespace {

using testing::HasSubstr;

bool contains(const char* network, const char* address) {
  const auto parsed = IpNetwork::parse(network);
  EXPECT_TRUE(parsed) << network;
  return parsed && parsed->contains(*parse_ip(address));
}

TEST(IpNetwork, ContainsTheAddressesThatBeginLikeIt) {
  EXPECT_TRUE(contains("10.0.0.5", "10.0.0.5"));
  EXPECT_FALSE(contains("10.0.0.5", "10.0.0.4"));
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("10.0.0.8/30", "10.0.0.11"));
  EXPECT_FALSE(contains("10.0.0.8/30", "10.0.0.12"));
  EXPECT_TRUE(contains("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(contains("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(IpNetwork, AllOfIPv4IsNotAllOfIPv6) {
  EXPECT_TRUE(contains("0.0.0.0/0", "192.0.2.1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "192.0.2.1"));
}

TEST(IpNetwork, AnAddressIsTheSameInBothFamilies) {
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
  EXPECT_EQ(ip_text(*parse_ip("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(ip_text(*parse_ip("2001:DB8:0::1")), "2001:db8::1");
}

TEST(IpNetwork, SaysWhatIsWrong) {
  for (const char* text : {"", "proxy", "10.0.0", "10.0.0.0.1", "[::1]", "10.0.0.1:80", "fe80::1%eth0", "/8"})
    EXPECT_THAT(IpNetwork::parse(text).error().text(), HasSubstr("neither an address nor a network")) << text;
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8"})
    EXPECT_THAT(IpNetwork::parse(text).error().text(), HasSubstr("between 0 and 32")) << text;
  EXPECT_THAT(IpNetwork::parse("::/129").error().text(), HasSubstr("between 0 and 128"));
  EXPECT_THAT(IpNetwork::parse("10.1.2.3/8").error().text(), HasSubstr("write 10.0.0.0/8 or 10.1.2.3"));
  EXPECT_FALSE(parse_ip(std::string_view("10.0.0.1\0", 9)));
}

TEST(IpNetwork, KnowsLoopback) {
  for (const char* text : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(*parse_ip(text)));
  for (const char* text : {"0.0.0.0", "::", "126.0.0.1", "::2"}) EXPECT_FALSE(is_loopback(*parse_ip(text)));
}

}  // namespace
}  // namespace muster::http
