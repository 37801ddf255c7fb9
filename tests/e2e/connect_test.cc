// Connecting a server with Apple: key pair, token file, verification.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Connect : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "4", "-accounts", "default,school"});
    start_muster({"-log-level", "debug"});  // secrets are in no log, however much is logged
    await_baseline(4);
    run_well("mdmctl get dep-tokens -export-public-key key.pem");
  }

  // A token file for the server's own certificate, or for another one; what is in it must never be logged.
  void write_token_file(const std::string& name, const std::string& certificate = "key.pem",
                        const std::string& account = "default", const std::string& query = {}) {
    write(name, depsim().make_token_file(read(certificate), account, query));
    const auto token = depsim().get("/control/accounts/" + account + "/token");
    for (const char* secret : {"consumer_secret", "access_token", "access_secret"})
      add_secret(std::string(token.at(secret).as_string()));
  }

  void make_other_certificate() const {
    run("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -keyout other.key -out other.pem "
        "2>/dev/null");
  }

  // The token in use before must be in use after, and work.
  std::string expect_refused(const std::string& file) {
    const auto tokens = run_well("mdmctl get dep-tokens -v -export-public-key ''");
    const auto said = run_badly("mdmctl apply dep-tokens -import " + file);
    EXPECT_EQ(run_well("mdmctl get dep-tokens -v -export-public-key ''"), tokens);
    EXPECT_THAT(run_well("mdmctl get dep-account"), HasSubstr("depsim default"));
    const auto uuid = define_profile("*");
    depsim().add(1);
    sync_now();
    await_assigned(1, uuid);
    return said;
  }
};

TEST_F(Connect, TheWholeExchange) {
  EXPECT_THAT(read("key.pem"), StartsWith("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_EQ(run_well("mdmctl get dep-tokens -export-public-key again.pem"),
            "ConsumerKey                               AccessTokenExpiry\n"
            "CK_48dd68d198350f51258e885ce9a5c37ab7f9…  0001-01-01 00:00:00 +0000 UTC\n"
            "\n"
            "Wrote DEP public key to: again.pem\n");
  EXPECT_EQ(read("again.pem"), read("key.pem")) << "the key pair is made once";

  write_token_file("token.p7m", "key.pem", "default", "consumer=new&expires=2031-02-03T04:05:06Z");
  const auto token = depsim().get("/control/accounts/default/token");
  const size_t mark = muster().mark();
  EXPECT_EQ(run_well("mdmctl apply dep-tokens -import token.p7m"), "imported DEP token\n");
  muster().await("sync.done", mark);  // by itself, at once

  const std::string key(token.at("consumer_key").as_string());
  EXPECT_EQ(run_well("mdmctl get dep-tokens -export-public-key ''"),
            "ConsumerKey                               AccessTokenExpiry\n" + key.substr(0, 39) +
                "…  2031-02-03 04:05:06 +0000 UTC\n");
  EXPECT_THAT(run_well("mdmctl get dep-tokens -v -export-public-key ''"), HasSubstr(key));
  EXPECT_EQ(run_well("mdmctl get dep-tokens -export-public-key '' -export-token token.json | tail -n 1"),
            "Wrote DEP token JSON to: token.json\n");
  EXPECT_THAT(read("token.json"), HasSubstr(std::string(token.at("access_secret").as_string())));

  const auto uuid = define_profile("*");
  depsim().add(2);
  sync_now();
  await_assigned(2, uuid);
  EXPECT_EQ(depsim().assigned().serials, 2) << "what was there before is still the baseline";
}

TEST_F(Connect, ANewTokenLastsOverARestart) {
  write_token_file("token.p7m");
  run_well("mdmctl apply dep-tokens -import token.p7m");
  const auto uuid = define_profile("*");
  stop_muster();
  depsim().add(1);
  start_muster();  // with -depsim again, whose well-known token is dead by now
  await_assigned(1, uuid);
}

TEST_F(Connect, TheReplacedTokenIsDead) {
  write_token_file("first.p7m");
  EXPECT_EQ(run_well("mdmctl apply dep-tokens -import first.p7m"), "imported DEP token\n");
  write_token_file("second.p7m");
  EXPECT_EQ(run_well("mdmctl apply dep-tokens -import second.p7m"), "imported DEP token\n");
  const auto said = expect_refused("first.p7m");
  EXPECT_THAT(said, AllOf(HasSubstr("token_rejected"), HasSubstr("Apple")));
}

TEST_F(Connect, AFileForAnotherKeyIsRejected) {
  make_other_certificate();
  write_token_file("token.p7m", "other.pem", "default", "keep=true");
  EXPECT_THAT(expect_refused("token.p7m"),
              AllOf(HasSubstr("encrypted for another certificate"), HasSubstr("CN=other"),
                    HasSubstr("mdmctl get dep-tokens -export-public-key")));
}

TEST_F(Connect, AFileThatIsCutShortIsRejected) {
  write_token_file("token.p7m", "key.pem", "default", "keep=true");
  run("head -c 1500 token.p7m > half.p7m");
  EXPECT_THAT(expect_refused("half.p7m"), HasSubstr("truncated"));
}

TEST_F(Connect, AnEmptyFileIsRejected) {
  write("empty.p7m", "");
  EXPECT_THAT(expect_refused("empty.p7m"), HasSubstr("empty.p7m is empty"));
}

TEST_F(Connect, AFileThatIsNoSmimeIsRejected) {
  write("letter.p7m", "Dear Sir or Madam,\nplease find the token attached.\n");
  EXPECT_THAT(expect_refused("letter.p7m"), HasSubstr("not a token file from the portal"));
}

TEST_F(Connect, TheCertificateItselfIsRejected) {
  EXPECT_THAT(expect_refused("key.pem"), HasSubstr("is a certificate, not a server token"));
}

TEST_F(Connect, AFileThatIsNotThereIsRejected) {
  EXPECT_THAT(expect_refused("nowhere.p7m"), HasSubstr("nowhere.p7m"));
}

TEST_F(Connect, ATokenOfAnotherServiceIsRejected) {
  write_token_file("school.p7m", "key.pem", "school");
  EXPECT_THAT(expect_refused("school.p7m"), AllOf(HasSubstr("another service"), HasSubstr("depsim school")));
}

TEST_F(Connect, AServerWithoutAKeyPairSaysSo) {
  const Depsim portal({});
  write("token.p7m", portal.make_token_file(read("key.pem")));
  const MusterServer fresh({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls=false", "-config-path",
                            path("fresh"), "-depsim", portal.url()});
  const auto result = run("mdmctl apply dep-tokens -import token.p7m",
                          {{"MDMCTL_SERVER_URL", fresh.url()}, {"MDMCTL_API_TOKEN", kApiKey}});
  EXPECT_EQ(result.exit, 1);
  EXPECT_THAT(result.err, HasSubstr("mdmctl get dep-tokens"));
  inspect_log_of(fresh);
}

}  // namespace
}  // namespace muster::test
