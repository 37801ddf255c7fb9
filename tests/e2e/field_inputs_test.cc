// What administrators really type, paste and upload: each kind of input with its neighbours, on real
// programs.
#include <gmock/gmock.h>

#include "base/text/encoding.h"
#include "base/text/strings.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUnknown = "0123456789ABCDEF0123456789ABCDEF";

class FieldInputs : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3"});
    start_muster();
    await_baseline(3);
    serials_ = depsim().serials();
  }
  std::string list(const std::string& name) const { return run("mdmctl get device-list -name " + name).out; }
  std::vector<std::string> serials_;
};

TEST_F(FieldInputs, AListIsNeverEmptiedByAFileThatCannotBeRead) {
  write("list.csv", serials_[0] + "\r" + serials_[1] + "\r");
  EXPECT_EQ(run_well("mdmctl apply device-list -name lab -f list.csv"),
            "made list 'lab': 2 added, 0 removed, 2 serial numbers in it\n");
  const auto both = serials_[0] + "\n" + serials_[1] + "\n";
  for (const char* content : {"serial\r", "serial\n", "sep=;\nserial\n", "\xEF\xBB\xBF", ""}) {
    write("empty.csv", content);
    EXPECT_EQ(run("mdmctl apply device-list -name lab -f empty.csv -replace").exit, 1) << content;
    EXPECT_EQ(list("lab"), both) << content;
  }
  EXPECT_EQ(run_well("mdmctl apply device-list -name lab -f empty.csv -replace -yes"),
            "changed list 'lab': 0 added, 2 removed, 0 serial numbers in it\n");
}

TEST_F(FieldInputs, AColumnIsNamed) {
  write("inventory.csv", "Make,Device ID\r\nApple," + serials_[0] + "\r\n");
  EXPECT_THAT(run_badly("mdmctl apply device-list -name lab -f inventory.csv"),
              AllOf(HasSubstr("\"Make\", 2: \"Device ID\""), HasSubstr("-column \"Device ID\"")));
  EXPECT_THAT(run_well("mdmctl apply device-list -name lab -f inventory.csv -column 'Device ID'"),
              HasSubstr("1 added"));
  EXPECT_EQ(list("lab"), serials_[0] + "\n");
  write("utf16.csv",
        std::string("\xFF\xFE", 2) + std::string("S\0N\0\r\0\n\0X\0", 10) + std::string("1\0\r\0\n\0", 6));
  EXPECT_THAT(run_well("mdmctl apply device-list -name other -f utf16.csv"), HasSubstr("1 added"));
}

TEST_F(FieldInputs, SerialNumbersInFlagsArePastedFromAnywhere) {
  write("serials.txt", "\n" + serials_[0] + "\n " + to_lower(serials_[1]) + ";\t\"" + serials_[2] + "\",,\n");
  for (const std::string& flags :
       {std::string("-serials \"$(cat serials.txt)\""),
        "-serials " + serials_[0] + " -serials=" + serials_[1] + "," + serials_[2] + ","}) {
    const auto out = run_well("mdmctl get dep-devices " + flags);
    for (const auto& serial : serials_) EXPECT_THAT(out, HasSubstr(serial));
    EXPECT_THAT(run_well("mdmctl get devices " + flags), HasSubstr(serials_[2]));
  }
  const auto some = run("mdmctl get dep-devices -serials NOSUCH1," + serials_[0]);
  EXPECT_EQ(some.exit, 3);
  EXPECT_THAT(some.err,
              AllOf(HasSubstr("NOSUCH1: NOT_ACCESSIBLE"), HasSubstr("Apple knows 1 of 2 serial numbers")));
  EXPECT_EQ(run("mdmctl get dep-devices -serials NOSUCH1").exit, 1);
  EXPECT_EQ(run("mdmctl get devices -serials NOSUCH1," + serials_[0]).exit, 3);
  EXPECT_THAT(run_badly("mdmctl hold -serials 'C0\xC3\xBC'"), HasSubstr("is not a serial number"));
}

TEST_F(FieldInputs, ARuleForAProfileThatAppleDoesNotKnowIsRefused) {
  for (const std::string& uuid : {std::string(kUnknown), std::string("01234567-89ab-cdef-0123-456789abcdef")})
    EXPECT_THAT(run_badly("mdmctl apply dep-autoassigner -uuid " + uuid),
                AllOf(HasSubstr(std::string("Apple does not know the profile UUID ") + kUnknown),
                      HasSubstr("nothing was saved")));
  EXPECT_THAT(run_badly(std::string("mdmctl apply dep-autoassigner -uuid ") + kUnknown + "0"),
              HasSubstr("neither a profile UUID (32 hex digits) nor the name of a profile"));
  EXPECT_THAT(run_badly("mdmctl apply dep-autoassigner -uuid Everyone"),
              HasSubstr("nor the name of a profile"));
  EXPECT_EQ(call("POST", "/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"Everyone"})").status, 400);
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
  const auto uuid = define_profile("", "Everyone");
  EXPECT_THAT(run_well("mdmctl apply dep-autoassigner -uuid Everyone"),
              HasSubstr("to DEP profile 'Everyone'"));
  EXPECT_EQ(call("POST", "/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"Everyone"})").status, 200);
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(uuid));
}

TEST_F(FieldInputs, ARuleWhoseProfileTurnsOutUnknownIsReported) {
  run_well("mdmctl apply dep-account -name default -paused");
  run_well(std::string("mdmctl apply dep-autoassigner -uuid ") + kUnknown);
  run_well("mdmctl apply dep-account -name default -paused=false");
  EXPECT_TRUE(
      comes_true([&] { return run("mdmctl get dep-accounts").out.find("impaired") != std::string::npos; }));
  EXPECT_THAT(run_well("mdmctl get dep-accounts"),
              AllOf(HasSubstr(std::string("gives the profile ") + kUnknown),
                    HasSubstr("mdmctl apply dep-autoassigner")));
  const auto sync = run("mdmctl sync -wait");
  EXPECT_EQ(sync.exit, 1);
  EXPECT_THAT(sync.err, HasSubstr("which Apple does not know"));
  EXPECT_THAT(call("GET", "/metrics").body,
              HasSubstr("muster_account_state{account=\"default\",state=\"impaired\"} 1"));
  define_profile("*");
  EXPECT_EQ(run("mdmctl sync -wait").exit, 0);
  EXPECT_TRUE(
      comes_true([&] { return run("mdmctl get dep-accounts").out.find("impaired") == std::string::npos; }));
}

TEST_F(FieldInputs, DevicesAreNotRemovedByUdid) {
  const auto answer =
      call("DELETE", "/v1/devices", R"({"Opts":{"udids":["U-1"],"serials":[")" + serials_[0] + R"("]}})");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("not found: U-1"));
  for (const char* flag : {"-udid", "-udids"})
    EXPECT_THAT(run_badly(std::string("mdmctl remove devices ") + flag + " U-1 -serials " + serials_[0]),
                AllOf(HasSubstr("not found: U-1"), HasSubstr("Nothing was removed")));
  EXPECT_THAT(run_well("mdmctl get devices"), HasSubstr(serials_[0]));
}

TEST_F(FieldInputs, AStatusInCapitalsOrUnknownWithTheRightProfileIsAccepted) {
  const auto uuid = define_profile("*");
  for (const char* status : {"ASSIGNED", "Assigned", "configured"}) {
    depsim().add_fault(
        {{"endpoint", "sync"}, {"count", 1}, {"rows", {{"profile_status", status}, {"profile_uuid", uuid}}}});
    const auto before = depsim().assigned().calls;
    depsim().devices("add", {{"count", 1}, {"as", "modified"}, {"profile_uuid", uuid}});
    EXPECT_EQ(run("mdmctl sync -wait").exit, 0);
    EXPECT_EQ(depsim().assigned().calls, before) << status;
  }
}

TEST_F(FieldInputs, TheWrongFileIsAnsweredWithItsCommand) {
  run_well("curl -sf " + depsim().url() + "/token > stoken.json");
  EXPECT_THAT(run_badly("mdmctl apply dep-tokens -import stoken.json"),
              AllOf(HasSubstr("the decrypted token"),
                    HasSubstr("mdmctl apply dep-account -name default -token-json stoken.json")));
  write("content.vpptoken",
        base64_encode(R"({"token":"abc","expDate":"2030-01-01T00:00:00+0000","orgName":"Example"})"));
  EXPECT_THAT(run_badly("mdmctl apply dep-tokens -import content.vpptoken"),
              AllOf(HasSubstr("a content token (Apps and Books), not a server token"),
                    Not(HasSubstr("mdmctl apply"))));
  write("profile.json", R"({"profile_name": "x", "url": "https://mdm.example.org/e"})");
  EXPECT_THAT(run_badly("mdmctl apply -f profile.json"),
              HasSubstr("Run `mdmctl apply dep-profiles -f profile.json`"));
  EXPECT_THAT(run_badly("mdmctl apply device-list -name x -f profile.json"),
              HasSubstr("a DEP profile, not a CSV file"));
  write("serials.csv", "serial\n" + serials_[0] + "\n");
  EXPECT_THAT(run_badly("mdmctl apply -f serials.csv"),
              HasSubstr("mdmctl apply device-list -name NAME -f serials.csv"));
  EXPECT_THAT(run_badly("mdmctl apply dep-profiles -f serials.csv"), HasSubstr("a list of serial numbers"));
  write("book.csv", std::string("PK\x03\x04", 4) + std::string(100, '\0'));
  EXPECT_THAT(run_badly("mdmctl apply device-notes -f book.csv"), HasSubstr("Save it as \"CSV UTF-8\""));
  const auto refused =
      call("PUT", "/v1/dep-tokens", R"({"p7m_content":")" + base64_encode(read("stoken.json")) + "\"}");
  EXPECT_THAT(refused.body, HasSubstr("this is the decrypted token"));
}

TEST_F(FieldInputs, ANewKeyPairTakesThePlaceOfTheOldOneWithItsToken) {
  run_well("mdmctl get dep-tokens -export-public-key old.pem");
  EXPECT_THAT(run_well("mdmctl apply dep-tokens -new-key"), HasSubstr("made a new key pair"));
  EXPECT_EQ(
      run_well(
          "mdmctl get dep-tokens -export-public-key - > new.pem && cmp old.pem new.pem > same || echo differ"),
      "differ\n");
  write("old.p7m", depsim().make_token_file(read("old.pem")));
  EXPECT_EQ(run_well("mdmctl apply dep-tokens -import old.p7m"), "imported DEP token\n")
      << "the old pair stays";
  write("new.p7m", depsim().make_token_file(read("new.pem")));
  EXPECT_EQ(run_well("mdmctl apply dep-tokens -import new.p7m"), "imported DEP token\n");
  EXPECT_EQ(run("mdmctl apply dep-tokens -import old.p7m").exit, 1) << "and is gone now";
  EXPECT_EQ(run_well("mdmctl get dep-tokens -export-public-key - | cmp new.pem -"), "");
}

TEST_F(FieldInputs, TheShellsStarIsRecognised) {
  write("one.txt", "");
  const auto uuid = define_profile();
  EXPECT_THAT(
      run("cd $(mktemp -d) && touch one.txt && mdmctl apply dep-autoassigner -filter * -uuid " + uuid).err,
      AllOf(HasSubstr("\"one.txt\""), HasSubstr("-filter='*'")));
  EXPECT_THAT(
      run("cd $(mktemp -d) && touch one.txt two.txt && mdmctl apply dep-autoassigner -filter * -uuid " + uuid)
          .err,
      AllOf(HasSubstr("two.txt"), HasSubstr("-filter='*'")));
}

TEST_F(FieldInputs, FlagsOfOtherServersAreAnswered) {
  const auto answer = [&](const std::string& flags) {
    const auto result = run("muster serve -api-key long-enough-key -tls=false " + flags);
    EXPECT_EQ(result.exit, 1) << flags;
    return result.err;
  };
  EXPECT_THAT(answer("-filerepo /tmp -command-webhook-url=http://x -http-debug -http-proxy-headers"),
              AllOf(HasSubstr("-filerepo"), HasSubstr("leave it out"), HasSubstr("-webhook-url"),
                    HasSubstr("-log-level debug"), Not(HasSubstr("not defined"))));
  EXPECT_THAT(
      answer("-listen :9001 -storage file -storage-dsn db -duration 60"),
      AllOf(HasSubstr("use -http-addr"), HasSubstr("use -config-path"), HasSubstr("use -sync-interval")));
  EXPECT_THAT(answer("-api-keys x"), HasSubstr("did you mean -api-key?"));
  EXPECT_THAT(answer("-http-addr :nonsense"), HasSubstr("not an address"));
}

TEST_F(FieldInputs, TheServersAddressIsAUrl) {
  MusterServer server(
      {"-api-key", kApiKey, "-tls=false", "-http-addr", "[::1]:0", "-config-path", path("other")});
  EXPECT_THAT(server.url(), testing::StartsWith("http://[::1]:"));
  run_well("mdmctl config set -name six -api-token $APIKEY -server-url " + server.url());
  EXPECT_THAT(run_well("mdmctl get dep-accounts"), HasSubstr("not_configured"));
  inspect_log_of(server);
}

TEST_F(FieldInputs, AProxyThatFailsIsNamed) {
  const auto down = run("mdmctl get devices", {{"http_proxy", "http://127.0.0.1:1"}});
  EXPECT_EQ(down.exit, 1);
  EXPECT_THAT(down.err, AllOf(HasSubstr("the proxy 127.0.0.1:1 (http_proxy)"), HasSubstr("no_proxy")));
  EXPECT_EQ(run("mdmctl get devices", {{"http_proxy", "http://127.0.0.1:1"}, {"no_proxy", "127.0.0.1"}}).exit,
            0);
}

}  // namespace
}  // namespace muster::test
