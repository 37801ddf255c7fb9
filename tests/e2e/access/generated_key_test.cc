// A generated key in place of the server's: our mdmctl, and MicroMDM's, whose bytes are sent as they were
// recorded.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "tests/e2e/world/raw_call.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

class GeneratedKey : public World {
 protected:
  void SetUp() override {
    start_depsim();
    depsim().devices("add", {{"serials", {"C00000000001", "C00000000002"}}, {"baseline", true}});
    start_muster();
    await_baseline(2);
  }
  std::string make_key(const std::string& role) {
    std::string key(trim(run("mdmctl apply api-key -name " + role + " -role " + role).out));
    EXPECT_TRUE(key.starts_with("mst_")) << key;
    add_secret(key);
    return key;
  }
};

// Every call that MicroMDM's mdmctl 1.13.1 makes, and what its users' scripts send by curl.
struct Recorded {
  const char* method;
  const char* path;
  std::string body;
};

TEST_F(GeneratedKey, IsEnoughForMicroMdmsMdmctl) {
  const auto key = make_key("admin");
  const auto send = [&](const Recorded& call) {
    return call_as_mdmctl(muster().port(), call.method, call.path, call.body, key);
  };
  const auto defined =
      send({"PUT", "/v1/dep/profiles",
            R"({"profile_name":"Example","url":"https://mdm.example.org","is_mdm_removable":true,)"
            R"("org_magic":"","devices":null})"});
  ASSERT_EQ(defined.status, 200) << defined.body;
  const std::string uuid(parse_json(defined.body)->at("profile_uuid").as_string());
  const std::vector<Recorded> all{
      {"GET", "/v1/dep-tokens", ""},
      {"GET", "/v1/dep/account", ""},
      {"POST", "/v1/dep/devices", R"({"serials":["C00000000001"]})"},
      {"POST", "/v1/dep/profiles", fmt::format(R"({{"uuid":"{}"}})", uuid)},
      {"POST", "/v1/dep/autoassigners", fmt::format(R"({{"filter":"*","profile_uuid":"{}"}})", uuid)},
      {"GET", "/v1/dep/autoassigners", ""},
      {"POST", "/v1/dep/assign", fmt::format(R"({{"id":"{}","serials":["C00000000001"]}})", uuid)},
      {"POST", "/v1/dep/syncnow", ""},
      {"POST", "/v1/devices", R"({"page":0,"per_page":0,"filter_serial":null,"filter_udid":null})"},
      {"DELETE", "/v1/dep/profiles", R"({"serials":["C00000000001"]})"},
      {"DELETE", "/v1/dep/autoassigners", R"({"filter":"*"})"},
      {"DELETE", "/v1/devices", R"({"Opts":{"udids":null,"serials":["C00000000002"]}})"},
      {"GET", "/version", ""}};
  for (const auto& call : all) {
    const auto answer = send(call);
    EXPECT_EQ(answer.status, 200) << call.method << " " << call.path << ": " << answer.body;
  }
  const auto tokens = parse_json(send({"GET", "/v1/dep-tokens", ""}).body);
  const auto der = base64_decode(tokens->at("public_key").as_string());
  const auto import =
      send({"PUT", "/v1/dep-tokens",
            fmt::format(R"({{"p7m_content":"{}"}})", base64_encode(depsim().make_token_file(*der)))});
  EXPECT_EQ(import.status, 200) << import.body;
}

TEST_F(GeneratedKey, IsEnoughForOurMdmctl) {
  write("profile.json", R"({"profile_name": "Example", "url": "https://mdm.example.org"})");
  const auto admin = make_key("admin"), operating = make_key("operator"), reading = make_key("read");
  const auto as = [&](const std::string& key, const std::string& command) {
    return run(command, {{"MDMCTL_API_TOKEN", key}, {"MDMCTL_SERVER_URL", muster().url()}});
  };
  for (const auto& key : {admin, operating})
    for (const char* command :
         {"mdmctl apply dep-profiles -f profile.json -filter='*'", "mdmctl get dep-autoassigners",
          "mdmctl get dep-devices -serials C00000000001", "mdmctl get devices", "mdmctl sync -wait",
          "mdmctl remove dep-autoassigner"}) {
      const auto done = as(key, command);
      EXPECT_EQ(done.exit, 0) << command << ": " << done.err;
    }
  EXPECT_EQ(as(reading, "mdmctl get dep-accounts").exit, 0);
  EXPECT_THAT(as(reading, "mdmctl apply dep-profiles -f profile.json").err,
              HasSubstr("needs the role operator"));
  EXPECT_THAT(as(operating, "mdmctl get dep-tokens").err, HasSubstr("needs the role admin"));
}

}  // namespace
}  // namespace muster::test
