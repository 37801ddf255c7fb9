#include "cli/input/profile_template.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace muster::cli {
namespace {

// Apple's rules of apple-dep-api.md section 8.1: no empty text, texts within limits, flags that go together.
TEST(ProfileTemplate, IsAcceptedByApplesRules) {
  const auto profile = boost::json::parse(profile_template({})).as_object();
  const std::vector<std::pair<std::string, size_t>> limits = {
      {"profile_name", 125},        {"url", 2000},
      {"org_magic", 256},           {"department", 125},
      {"support_phone_number", 50}, {"support_email_address", 250}};
  for (const auto& [key, limit] : limits) {
    const auto& text = profile.at(key).as_string();
    EXPECT_FALSE(text.empty()) << key;
    EXPECT_LE(text.size(), limit) << key;
  }
  EXPECT_TRUE(profile.at("is_mdm_removable").as_bool() || profile.at("is_supervised").as_bool());
  EXPECT_TRUE(profile.at("is_supervised").as_bool())
      << "so that is_mdm_removable can be set to false and nothing else";
  EXPECT_TRUE(profile.at("devices").as_array().empty()) << "no made-up serials that would be assigned";
  EXPECT_EQ(2U, profile.at("skip_setup_items").as_array().size());
}

TEST(ProfileTemplate, CarriesAnchorsAsBase64) {
  const auto profile = boost::json::parse(profile_template({"DER1", "DER2"})).as_object();
  EXPECT_EQ(boost::json::array({"REVSMQ==", "REVSMg=="}), profile.at("anchor_certs").as_array());
}

}  // namespace
}  // namespace muster::cli
