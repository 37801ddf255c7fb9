#include "http/client/public_address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace muster::http {
namespace {

TEST(PublicAddress, IsNoneOfAMachineOrANetwork) {
  for (const char* text : {"127.0.0.1",
                           "127.255.255.254",
                           "0.0.0.0",
                           "10.0.0.1",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "100.127.255.255",
                           "198.18.0.1",
                           "192.0.2.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "::ffff:10.0.0.1",
                           "::ffff:127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "2002:a00:1::1",
                           "::10.0.0.1"})
    EXPECT_FALSE(is_public(*parse_ip(text))) << text;
}

TEST(PublicAddress, IsEveryOther) {
  for (const char* text : {"17.253.144.10", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1",
                           "172.32.0.0", "192.0.1.1", "198.20.0.1", "2620:149:af0::10", "2a00:1450::1",
                           "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"})
    EXPECT_TRUE(is_public(*parse_ip(text))) << text;
}

TEST(PublicAddress, IsReadFromASocketsAddress) {
  sockaddr_storage storage{};
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(0x0a010203);
  std::memcpy(&storage, &four, sizeof four);
  EXPECT_EQ(ip_address_of(reinterpret_cast<const sockaddr&>(storage)), parse_ip("10.1.2.3"));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  std::ranges::copy(*parse_ip("fd12::1"), six.sin6_addr.s6_addr);
  std::memcpy(&storage, &six, sizeof six);
  EXPECT_EQ(ip_address_of(reinterpret_cast<const sockaddr&>(storage)), parse_ip("fd12::1"));
  EXPECT_EQ(ip_address_of(sockaddr{}), std::nullopt);
}

}  // namespace
}  // namespace muster::http
