// Invalid input: a clear message, exit status 1, and no change, neither here nor at Apple.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class BadInput : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3"});
    start_muster();
    await_baseline(3);
    uuid_ = define_profile("*");
    before_ = state();
  }
  void TearDown() override {
    if (server_is_down_) start_muster();
    run_well("mdmctl config set -name test -api-token \"$APIKEY\" -server-url \"$SERVER_URL\"");
    EXPECT_EQ(state(), before_) << "something has changed";
    World::TearDown();
  }

  // What could change: the rules, the devices as the server knows them and as Apple does, and what Apple was
  // asked to do.
  std::string state() {
    std::string state = run_well("mdmctl get dep-autoassigners") + run_well("mdmctl get dep-devices -o csv");
    for (const auto& [serial, profile] : depsim().profiles()) state += serial + " " + profile + "\n";
    for (const char* call :
         {"POST /profile", "PUT /profile/devices", "POST /profile/devices", "DELETE /profile/devices"})
      state += std::string(call) + " " + std::to_string(depsim().calls(call)) + "\n";
    return state;
  }

  bool server_is_down_ = false;
  std::string uuid_;
  std::string before_;
};

TEST_F(BadInput, AProfileFileThatIsNotThere) {
  EXPECT_THAT(run_badly("mdmctl apply dep-profiles -f nowhere.json -filter='*'"), HasSubstr("nowhere.json"));
}

TEST_F(BadInput, AProfileFileThatIsADirectory) {
  EXPECT_THAT(run_badly("mkdir directory; mdmctl apply dep-profiles -f directory"), HasSubstr("directory"));
}

TEST_F(BadInput, AProfileCutShort) {
  write("bad.json", "{\n  \"profile_name\": \"x\",\n  \"url\": \"https://mdm.exam");
  EXPECT_THAT(run_badly("mdmctl apply dep-profiles -f bad.json -filter='*'"), HasSubstr("bad.json:3:"));
}

TEST_F(BadInput, AProfileThatIsAList) {
  write("bad.json", "[1, 2]");
  EXPECT_THAT(run_badly("mdmctl apply dep-profiles -f bad.json"),
              AllOf(HasSubstr("bad.json"), HasSubstr("an array")));
}

TEST_F(BadInput, AProfileFileOverTheLimit) {
  run("head -c 9000000 /dev/zero | tr '\\0' ' ' > big.json");
  EXPECT_THAT(run_badly("mdmctl apply dep-profiles -f big.json"), HasSubstr("big.json"));
}

TEST_F(BadInput, AFilterThatNobodyKnows) {
  EXPECT_THAT(run_badly("mdmctl apply dep-profiles -f profile.json -filter='family is iPad'"),
              AllOf(HasSubstr("column 8 of the filter"), HasSubstr("Did you mean `family =`?")));
  EXPECT_THAT(run_badly("mdmctl apply dep-autoassigner -filter='iPad*' -uuid " + uuid_),
              AllOf(HasSubstr("`iPad*`"), HasSubstr("Did you mean `model ~ iPad*`?")));
  EXPECT_THAT(run_badly("mdmctl get dep-devices -filter 'serial in @lab'"),
              AllOf(HasSubstr("@lab"), HasSubstr("mdmctl apply device-list -name lab")));
  EXPECT_EQ(call("POST", "/v1/dep/autoassigners", R"({"filter":"x","profile_uuid":"U"})").status, 400);
}

TEST_F(BadInput, AFilterToRemoveThatIsNotThere) {
  EXPECT_THAT(run_badly("mdmctl remove dep-autoassigner -filter 'family = iPad'"),
              AllOf(HasSubstr("family = iPad"), HasSubstr("mdmctl get dep-autoassigners")));
}

TEST_F(BadInput, AWrongKey) {
  run_well("mdmctl config set -name wrong -api-token 'not the key' -server-url \"$SERVER_URL\"");
  for (const char* line : {"mdmctl get dep-autoassigners", "mdmctl remove dep-autoassigner",
                           "mdmctl get dep-devices", "mdmctl apply dep-profiles -f profile.json"})
    EXPECT_THAT(run_badly(line), AllOf(HasSubstr("the API key is wrong"), HasSubstr("mdmctl config set")))
        << line;
}

TEST_F(BadInput, AServerThatIsDown) {
  const std::string url = muster().url();
  stop_muster();
  server_is_down_ = true;
  for (const char* line : {"mdmctl get dep-devices", "mdmctl apply dep-profiles -f profile.json"})
    EXPECT_THAT(run_badly(line), AllOf(HasSubstr(url.substr(7)), HasSubstr("refused"))) << line;
}

TEST_F(BadInput, AServerThatIsAnotherProgram) {
  run_well("mdmctl config set -name other -api-token \"$APIKEY\" -server-url " + depsim().url());
  EXPECT_THAT(run_badly("mdmctl get dep-autoassigners"), HasSubstr("mdmctl config print"));
}

TEST_F(BadInput, FlagsAndArgumentsThatAreWrong) {
  for (const char* line : {"mdmctl apply dep-autoassigner", "mdmctl apply dep-profiles",
                           "mdmctl apply dep-autoassigner -uuid U -filtr x", "mdmctl remove devices",
                           "mdmctl get dep-devices -o xml", "mdmctl get dep-devices -serials ''",
                           "mdmctl remove dep-autoassigner extra", "mdmctl apply dep-tokens", "mdmctl frob",
                           "mdmctl get dep-unicorns"})
    EXPECT_NE(run_badly(line), "") << line;
}

TEST_F(BadInput, ADeviceToRemoveThatIsNotThere) {
  const auto present = depsim().serials().front();
  EXPECT_THAT(run_badly("mdmctl remove devices -serials " + present + ",NOSUCHSERIAL"),
              HasSubstr("NOSUCHSERIAL"));
}

TEST_F(BadInput, CallsWithTheWrongMethodOrBody) {
  EXPECT_EQ(call("DELETE", "/v1/dep/account").status, 405);
  EXPECT_EQ(call("POST", "/v1/dep/assign", R"({"id":")" + uuid_ + R"(","serials":[]})").status, 400);
  EXPECT_EQ(call("POST", "/v1/dep/assign", R"({"id":"","serials":["A"]})").status, 400);
  EXPECT_EQ(call("DELETE", "/v1/dep/profiles", R"({"serials":[7]})").status, 400);
  EXPECT_EQ(call("DELETE", "/v1/dep/autoassigners", R"({"filter":"*")").status, 400);
}

// Apple itself says no: it was asked, and did nothing.
class AppleRejects : public World {};

TEST_F(AppleRejects, AProfileThatItsRulesForbid) {
  start_depsim({"-devices", "1"});
  start_muster();
  await_baseline(1);
  write("bad.json",
        R"({"profile_name": "x", "url": "https://mdm.example.org/e", "is_mdm_removable": false})");
  const auto said = run_badly("mdmctl apply dep-profiles -f bad.json -filter='*' -force");
  EXPECT_THAT(said, HasSubstr("contradict each other (FLAGS_INVALID)")) << "Apple's own answer";
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
  EXPECT_THAT(run_badly("mdmctl get dep-profiles -uuid 0123456789ABCDEF0123456789ABCDEF"),
              HasSubstr("NOT_FOUND"));
  EXPECT_TRUE(depsim().get("/control/accounts/default/profiles").at("profiles").as_array().empty());
}

}  // namespace
}  // namespace muster::test
