#include "sim/apple/profile_rules.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace muster::sim {
namespace {

boost::json::object object_of(const std::string& text) { return boost::json::parse(text).as_object(); }

// A good profile with these members put in; a member that is null takes its key away.
boost::json::object profile_with(const std::string& members) {
  auto profile = object_of(R"({"profile_name":"P","url":"https://mdm.example.com/enroll"})");
  for (const auto& member : object_of(members)) {
    if (member.value().is_null())
      profile.erase(member.key());
    else
      profile[member.key()] = member.value();
  }
  return profile;
}

std::string times(const std::string& text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(ProfileRules, ApplesWordForEveryRule) {
  const std::pair<std::string, const char*> cases[] = {
      {"{}", ""},
      {R"({"url":null})", "CONFIG_URL_REQUIRED"},
      {R"({"url":null,"configuration_web_url":"https://x.example.com"})", "CONFIG_URL_REQUIRED"},
      {R"({"url":""})", "CONFIG_URL_INVALID"},
      {R"({"url":"mdm.example.com"})", "CONFIG_URL_INVALID"},
      {R"({"url":"https://"})", "CONFIG_URL_INVALID"},
      {R"({"url":"https://mdm.example.com/a b"})", "CONFIG_URL_INVALID"},
      {R"({"url":"ftp://mdm.example.com/"})", "CONFIG_URL_INVALID"},
      {R"({"url":"http://mdm.example.com/"})", ""},
      {R"({"url":"https://mdm.example.com/)" + times("a", 1976) + "\"}", ""},
      {R"({"url":"https://mdm.example.com/)" + times("a", 1977) + "\"}", "CONFIG_URL_INVALID"},
      {R"({"url":"https://mdm.example.com/)" + times("\xc3\xa9", 329) + "\"}", ""},
      {R"({"url":"https://mdm.example.com/)" + times("\xc3\xa9", 330) + "\"}", "CONFIG_URL_INVALID"},
      {R"({"profile_name":null})", "CONFIG_NAME_REQUIRED"},
      {R"({"profile_name":""})", "CONFIG_NAME_INVALID"},
      {R"({"profile_name":")" + times("\xc3\xa9", 125) + "\"}", ""},
      {R"({"profile_name":")" + times("\xc3\xa9", 126) + "\"}", "CONFIG_NAME_INVALID"},
      {R"({"is_mdm_removable":false})", "FLAGS_INVALID"},
      {R"({"is_mdm_removable":false,"is_supervised":false})", "FLAGS_INVALID"},
      {R"({"is_mdm_removable":false,"is_supervised":true})", ""},
      {R"({"department":""})", "DEPARTMENT_INVALID"},
      {R"({"department":")" + times("d", 126) + "\"}", "DEPARTMENT_INVALID"},
      {R"({"support_phone_number":""})", "SUPPORT_PHONE_INVALID"},
      {R"({"support_phone_number":")" + times("5", 51) + "\"}", "SUPPORT_PHONE_INVALID"},
      {R"({"support_phone_number":")" + times("5", 50) + "\"}", ""},
      {R"({"support_email_address":")" + times("e", 251) + "\"}", "SUPPORT_EMAIL_INVALID"},
      {R"({"support_email_address":""})", "SUPPORT_EMAIL_INVALID"},
      {R"({"org_magic":""})", "MAGIC_INVALID"},
      {R"({"org_magic":")" + times("m", 257) + "\"}", "MAGIC_INVALID"},
      {R"({"language":"en","region":"US"})", ""},
      {R"({"language":"eng"})", ""},
      {R"({"language":"xx","region":"US"})", "LOCALE_INVALID"},
      {R"({"language":"en","region":"us"})", "LOCALE_INVALID"},
      {R"({"language":"en","region":"ZZ"})", "LOCALE_INVALID"},
      {R"({"language":""})", "LOCALE_INVALID"},
      {R"({"profile_name":5})", "MALFORMED_REQUEST_BODY"},
      {R"({"is_supervised":"yes"})", "MALFORMED_REQUEST_BODY"},
      {R"({"devices":"A"})", "MALFORMED_REQUEST_BODY"},
      {R"({"anchor_certs":[1]})", "MALFORMED_REQUEST_BODY"},
      {R"({"skip_setup_items":["NoSuchItem"],"some_new_key":{"a":1}})", ""},
  };
  for (const auto& [members, word] : cases)
    EXPECT_EQ(check_profile(profile_with(members), {}), word) << members.substr(0, 100);
}

TEST(ProfileRules, NullCountsAsAbsent) {
  auto profile = profile_with("{}");
  profile["department"] = nullptr;
  profile["is_mdm_removable"] = nullptr;
  EXPECT_EQ(check_profile(profile, {}), "");
}

TEST(ProfileRules, SwitchesAddRules) {
  Settings settings;
  settings.require_https_url = true;
  EXPECT_EQ(check_profile(profile_with(R"({"url":"http://mdm.example.com/"})"), settings),
            "CONFIG_URL_INVALID");
  settings = {};
  settings.require_department = true;
  EXPECT_EQ(check_profile(profile_with("{}"), settings), "DEPARTMENT_REQUIRED");
  settings = {};
  settings.require_support_phone = true;
  EXPECT_EQ(check_profile(profile_with("{}"), settings), "SUPPORT_PHONE_REQUIRED");
}

TEST(ProfileRules, GetShowsDefaultsAndUnknownKeysButNoDevices) {
  const auto complete = complete_profile(
      profile_with(
          R"({"devices":["A"],"allow_pairing":false,"new_key":[1,{"b":null}],"profile_uuid":"MINE"})"),
      "UUID");
  EXPECT_FALSE(complete.contains("devices"));
  EXPECT_EQ(complete.at("profile_uuid").as_string(), "UUID");
  EXPECT_FALSE(complete.at("allow_pairing").as_bool());
  EXPECT_TRUE(complete.at("is_mdm_removable").as_bool());
  EXPECT_FALSE(complete.at("is_multi_user").as_bool());
  EXPECT_FALSE(complete.contains("is_return_to_service"));
  EXPECT_EQ(boost::json::serialize(complete.at("new_key")), R"([1,{"b":null}])");
}

}  // namespace
}  // namespace muster::sim
