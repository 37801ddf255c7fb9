#include "sim/world/catalogue.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <regex>
#include <set>

namespace muster::sim {
namespace {

boost::json::object identifiers(const std::string& serial, const Kind& kind) {
  std::string out = "{\"x\":1";
  append_identifiers(out, serial, kind);
  return boost::json::parse(out + "}").as_object();
}

const Kind& kind_of(const char* model) {
  Random random(1);
  return kinds()[static_cast<size_t>(pick_kind(random, "", model))];
}

TEST(Catalogue, SerialsAreTheSameForTheSameSeed) {
  Random a(5);
  Random b(5);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto serial = make_serial(a);
    EXPECT_EQ(serial, make_serial(b));
    EXPECT_TRUE(std::regex_match(serial, std::regex("[A-Z][0-9A-Z]{11}"))) << serial;
    seen.insert(serial);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Catalogue, HasAllFamiliesAndPicksByFamilyAndModel) {
  Random random(1);
  for (const char* family : {"iPhone", "ipad", "MAC", "AppleTV", "Vision"}) {
    const int kind = pick_kind(random, family, "");
    ASSERT_NE(kind, -1) << family;
    EXPECT_STRCASEEQ(kinds()[static_cast<size_t>(kind)].family, family);
  }
  EXPECT_STREQ(kind_of("Mac mini").model, "Mac mini");
  EXPECT_EQ(pick_kind(random, "iPad", "Mac mini"), -1);
  EXPECT_EQ(pick_kind(random, "Newton", ""), -1);
}

TEST(Catalogue, PhonesHaveTwoImeisWithAGoodCheckDigit) {
  const auto phone = identifiers("C02T0HL0GGC0", kind_of("iPhone 16"));
  ASSERT_EQ(phone.at("imei").as_array().size(), 2U);
  for (const auto& imei : phone.at("imei").as_array()) {
    const std::string digits(imei.as_string());
    ASSERT_EQ(digits.size(), 15U);
    int sum = 0;
    for (size_t i = 0; i < 15; ++i) {
      const int value = (digits[i] - '0') * (i % 2 == 1 ? 2 : 1);
      sum += value / 10 + value % 10;
    }
    EXPECT_EQ(sum % 10, 0) << digits;
  }
  EXPECT_EQ(phone.at("eid").as_string().size(), 32U);
  EXPECT_EQ(phone, identifiers("C02T0HL0GGC0", kind_of("iPhone 16")));
  EXPECT_NE(phone, identifiers("C02T0HL0GGC1", kind_of("iPhone 16")));
}

TEST(Catalogue, AddressesFollowTheKind) {
  const auto mac = identifiers("C02T0HL0GGC0", kind_of("Mac mini"));
  EXPECT_FALSE(mac.contains("imei"));
  std::set<std::string> addresses;
  for (const char* key : {"bluetooth_mac_address", "wifi_mac_address", "ethernet_mac_address"}) {
    const std::string address(mac.at(key).as_string());
    EXPECT_TRUE(std::regex_match(address, std::regex("([0-9A-F]{2}:){5}[0-9A-F]{2}"))) << address;
    addresses.insert(address);
  }
  EXPECT_EQ(addresses.size(), 3U);
  EXPECT_FALSE(identifiers("C02T0HL0GGC0", kind_of("MacBook Air")).contains("ethernet_mac_address"));
}

}  // namespace
}  // namespace muster::sim
