#include "http/server/proxies.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

const Proxies kProxies = *Proxies::parse("10.0.0.0/8, 2001:db8::5 192.0.2.1");

std::string client_of(const std::string& peer, const std::string& forwarded) {
  return kProxies.client_of(peer, {{"X-Forwarded-For", forwarded}});
}

TEST(Proxies, NameTheClientBeforeThem) {
  EXPECT_EQ(client_of("10.0.0.1", "203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of("2001:db8::5", "2001:DB8::77"), "2001:db8::77");
  EXPECT_EQ(client_of("10.0.0.1", "203.0.113.7, 10.0.0.2"), "203.0.113.7") << "through two proxies";
  EXPECT_EQ(client_of("10.0.0.1", "10.0.0.9"), "10.0.0.9") << "a client in the proxies' network";
  EXPECT_EQ(client_of("10.0.0.1", "203.0.113.7:4711"), "203.0.113.7");
  EXPECT_EQ(client_of("10.0.0.1", "[2001:db8::77]:4711"), "2001:db8::77");
  EXPECT_EQ(
      kProxies.client_of("10.0.0.1", {{"x-forwarded-for", "203.0.113.7"}, {"X-Forwarded-For", "10.0.0.2"}}),
      "203.0.113.7");
}

// The client can write what it likes before what the first proxy adds.
TEST(Proxies, ARequestCannotNameAnotherClient) {
  EXPECT_EQ(client_of("10.0.0.1", "198.51.100.1, 203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client_of("203.0.113.7", "198.51.100.1"), "203.0.113.7") << "it comes from no proxy";
  EXPECT_EQ(kProxies.client_of("203.0.113.7", {{"X-Forwarded-For", "10.0.0.1"}}), "203.0.113.7");
  EXPECT_EQ(client_of("10.0.0.1", "198.51.100.1, nonsense"), "10.0.0.1");
  EXPECT_EQ(client_of("10.0.0.1", "198.51.100.1, nonsense, 10.0.0.2"), "10.0.0.2");
  for (const char* nonsense : {"", ",", "unknown", "[", "[]", ":", "[::1", "1.2.3.4:5:6"})
    EXPECT_EQ(client_of("10.0.0.1", nonsense).substr(0, 3), nonsense == std::string("[::1") ? "::1" : "10.")
        << nonsense;
  EXPECT_EQ(kProxies.client_of("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(Proxies().client_of("10.0.0.1", {{"X-Forwarded-For", "203.0.113.7"}}), "10.0.0.1");
}

TEST(Proxies, SayWhetherTheClientUsedHttps) {
  const auto has_https = [](const std::string& peer, const std::string& proto) {
    return kProxies.has_https(peer, {{"X-Forwarded-Proto", proto}});
  };
  EXPECT_TRUE(has_https("10.0.0.1", "https"));
  EXPECT_TRUE(has_https("10.0.0.1", "http, HTTPS"));
  EXPECT_FALSE(has_https("10.0.0.1", "https, http"));
  EXPECT_FALSE(has_https("203.0.113.7", "https")) << "it comes from no proxy";
  EXPECT_FALSE(kProxies.has_https("10.0.0.1", {}));
}

TEST(Proxies, AreAddressesAndNetworks) {
  EXPECT_TRUE(Proxies::parse("")->are_none());
  EXPECT_TRUE(Proxies::parse(" , ")->are_none());
  EXPECT_FALSE(Proxies::parse("10.0.0.1, nginx"));
}

}  // namespace
}  // namespace muster::http
