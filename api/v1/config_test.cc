// The configuration of an account in one answer, and a copy of the whole database.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;

class ConfigCalls : public test::ApiFixture {};

TEST_F(ConfigCalls, AnEmptyAccountHasAnEmptyOne) {
  const auto answer = get("/api/v1/config");
  EXPECT_EQ(answer.text("account"), "default");
  EXPECT_EQ(answer["paused"], false);
  EXPECT_EQ(answer["inherit_replacements"], false);
  EXPECT_EQ(answer.text("base_url"), "");
  EXPECT_EQ(answer.number("rule_limit"), static_cast<long long>(Rule::kUsualLimit));
  for (const char* part : {"lists", "profiles", "rules"})
    EXPECT_TRUE(answer[part].as_array().empty()) << part;
}

TEST_F(ConfigCalls, HasListsCurrentProfilesAndRulesWithoutSecrets) {
  write([&](Writer& w) -> Result<> {
    for (int version = 1; version <= 2; ++version)
      MUSTER_TRY(w.put_profile({.account = account_.id,
                                .uuid = ProfileUuid("L" + std::to_string(version)),
                                .name = "Lab",
                                .version = version,
                                .document = R"({"profile_name":"Lab"})"}));
    return w.set_current_profile(account_.id, "Lab", ProfileUuid("L1"));
  });
  put("/api/v1/lists/carts", R"({"csv":"A\nB\n"})");
  add_rule({.filter = "*", .profile_name = "Lab"});
  const auto answer = get("/api/v1/config");
  ASSERT_EQ(answer["profiles"].as_array().size(), 1u) << "one of each name: that which it stands for";
  const auto& profile = answer["profiles"].as_array()[0];
  EXPECT_EQ(profile.at("profile_uuid"), "L1");
  EXPECT_EQ(profile.at("document").at("profile_name"), "Lab");
  EXPECT_EQ(answer["rules"].as_array().at(0).at("profile_name"), "Lab");
  const auto& list = answer["lists"].as_array().at(0);
  EXPECT_EQ(list.at("name"), "carts");
  EXPECT_EQ(list.at("size"), 2);
  EXPECT_THAT(answer.response.body, testing::Not(HasSubstr("\"AS\"")));
}

TEST_F(ConfigCalls, AListsDigestTellsItsSerialsNotTheirOrder) {
  const auto digest = [&](const std::string& csv) {
    put("/api/v1/lists/carts", R"({"mode":"replace","csv":")" + csv + "\"}");
    return std::string(get("/api/v1/config")["lists"].as_array().at(0).at("digest").as_string());
  };
  const auto first = digest("A\\nB");
  EXPECT_EQ(digest("B\\nA"), first);
  EXPECT_NE(digest("A\\nC"), first);
}

TEST_F(ConfigCalls, TheRevisionGrowsWithTheConfigurationOnly) {
  const auto revision = get("/api/v1/config").number("revision");
  add_device("A");
  EXPECT_EQ(get("/api/v1/config").number("revision"), revision);
  add_rule({.filter = "*", .profile = ProfileUuid("P")});
  EXPECT_GT(get("/api/v1/config").number("revision"), revision);
}

TEST_F(ConfigCalls, ABackupIsAFileOneAtATime) {
  const auto first = get("/api/v1/backup");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.response.headers.get("Content-Type"), "application/vnd.sqlite3");
  ASSERT_TRUE(first.response.file);
  char head[16] = {};
  EXPECT_EQ(first.response.file->read(0, head, sizeof head), sizeof head);
  EXPECT_EQ(std::string(head, 15), "SQLite format 3");
  EXPECT_EQ(get("/api/v1/backup").status, 503) << "as long as the first is sent";
}

TEST_F(ConfigCalls, ABackupThatWasSentMakesRoomForTheNext) {
  EXPECT_EQ(get("/api/v1/backup").status, 200);
  EXPECT_EQ(get("/api/v1/backup").status, 200);
}

}  // namespace
}  // namespace muster::api
