// Accounts are added, paused and removed while the server runs, each with its own key, token, rules and work.
#include <gmock/gmock.h>

#include <csignal>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Accounts : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "2", "-accounts", "default,school,lab"});
    start_muster({"-log-level", "debug"});
    await_baseline(2);
  }

  // The account's token as JSON, as users have it who come from another server.
  void write_token_json(const std::string& file, const std::string& account) {
    const auto token = depsim().get("/control/accounts/" + account + "/token");
    for (const char* secret : {"consumer_secret", "access_token", "access_secret"})
      add_secret(std::string(token.at(secret).as_string()));
    write(file, write_json(token));
  }

  void write_token_file(const std::string& file, const std::string& certificate, const std::string& account) {
    write(file, depsim().make_token_file(read(certificate), account, "keep=true"));
    write_token_json("unused.json", account);  // for the search of secrets
  }

  // Adds the account of that name with the token of depsim's account of that name, and waits for its first
  // run.
  void add_account(const std::string& name) {
    write_token_json(name + ".json", name);
    const size_t mark = muster().mark();
    EXPECT_EQ(run_well("mdmctl apply dep-account -name " + name + " -token-json " + name + ".json"),
              "added DEP account '" + name + "' of service 'depsim " + name + "'\n");
    await_run(name, mark);
  }

  void await_run(const std::string& account, size_t since) {
    muster().await("sync.done", since, [&](const LogLine& line) { return line.field("account") == account; });
  }

  std::string define(const std::string& account) {
    write("profile.json", R"({"profile_name":"P","url":"https://mdm.example.org/e"})");
    return uuid_in(run_well("mdmctl apply dep-profiles -f profile.json -filter='*' -account " + account));
  }

  void sync(const std::string& account) const {
    ASSERT_EQ(call("POST", "/v1/dep/syncnow?account=" + account).status, 200);
  }

  void await_profile(const Serials& serials, const std::string& uuid) {
    EXPECT_TRUE(comes_true([&] {
      return std::all_of(serials.begin(), serials.end(),
                         [&](const auto& serial) { return depsim().profile_of(serial) == uuid; });
    })) << muster().output();
  }
};

TEST_F(Accounts, ASecondOneIsAddedWithItsOwnKeyTokenAndRules) {
  EXPECT_THAT(run_well("mdmctl apply dep-account -name school"),
              AllOf(HasSubstr("added DEP account 'school'\n"),
                    HasSubstr("mdmctl get dep-tokens -account school -export-public-key FILE")));
  EXPECT_THAT(run_badly("mdmctl get dep-account -account school"),
              HasSubstr("mdmctl apply dep-tokens -account school -import FILE"));
  run_well("mdmctl get dep-tokens -export-public-key default.pem");
  run_well("mdmctl get dep-tokens -account school -export-public-key school.pem");
  EXPECT_NE(read("default.pem"), read("school.pem"));

  write_token_file("wrong.p7m", "default.pem", "school");
  EXPECT_THAT(run_badly("mdmctl apply dep-tokens -account school -import wrong.p7m"),
              HasSubstr("encrypted for another certificate"));
  write_token_file("school.p7m", "school.pem", "school");
  const size_t mark = muster().mark();
  EXPECT_EQ(run_well("mdmctl apply dep-tokens -account school -import school.p7m"), "imported DEP token\n");
  await_run("school", mark);

  EXPECT_THAT(run_well("mdmctl get dep-account -account school"), HasSubstr("depsim school"));
  EXPECT_THAT(run_well("mdmctl get dep-account"), HasSubstr("depsim default"));
  const auto of_school = define("school"), of_default = define_profile("*");
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners -account school"), HasSubstr(of_school));
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(of_default));
  const auto there = depsim().add(2, "school"), here = depsim().add(1);
  sync("school");
  sync("default");
  await_profile(there, of_school);
  await_profile(here, of_default);
  EXPECT_THAT(run_well("mdmctl get dep-devices"), AllOf(HasSubstr(here[0]), Not(HasSubstr(there[0]))));
  EXPECT_THAT(run_well("mdmctl get dep-devices -account school"),
              AllOf(HasSubstr(there[0]), Not(HasSubstr(here[0]))));
  EXPECT_THAT(run_well("mdmctl get devices -account school"), HasSubstr(there[1]));
  EXPECT_THAT(run_well("mdmctl get dep-devices -account school -serials " + there[0]), HasSubstr(of_school));
  run_well("mdmctl remove devices -account school -serials " + there[0]);
  EXPECT_THAT(run_well("mdmctl get dep-devices -account school"), Not(HasSubstr(there[0])));
  run_well("mdmctl remove dep-autoassigner -account school");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners -account school"), "Filter  DEP Profile UUID\n");
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(of_default));
}

TEST_F(Accounts, ATokenAsJsonIsTriedBeforeTheAccountIsMade) {
  write_token_json("school.json", "school");
  depsim().add_fault(
      {{"endpoint", "account"}, {"account", "school"}, {"status", 403}, {"body", "T_C_NOT_SIGNED"}});
  EXPECT_THAT(run_badly("mdmctl apply dep-account -name school -token-json school.json -paused"),
              HasSubstr("T_C_NOT_SIGNED"));
  EXPECT_THAT(run_badly("mdmctl get dep-autoassigners -account school"),
              HasSubstr("no account with the name"));
  add_account("school");
  write("half.json", R"({"consumer_key":"CK","consumer_secret":"CS"})");
  EXPECT_THAT(run_badly("mdmctl apply dep-account -name school -token-json half.json"),
              HasSubstr("the token has no access_token, access_secret"));
  EXPECT_THAT(run_well("mdmctl get dep-account -account school"), HasSubstr("depsim school"));
}

TEST_F(Accounts, AFileForAnAccountThatHasNoKeySaysHowToGetOne) {
  run_well("mdmctl get dep-tokens -export-public-key default.pem");
  write_token_file("school.p7m", "default.pem", "school");
  EXPECT_THAT(run_badly("mdmctl apply dep-account -name school -import school.p7m"),
              AllOf(HasSubstr("mdmctl apply dep-account -name school"),
                    HasSubstr("mdmctl get dep-tokens -account school -export-public-key FILE")));
}

TEST_F(Accounts, AServiceIsInOneAccountOnly) {
  add_account("school");
  EXPECT_THAT(run_badly("mdmctl apply dep-account -name twin -token-json school.json"),
              AllOf(HasSubstr("the service \"depsim school\""), HasSubstr("another account already uses")));
  EXPECT_THAT(run_badly("mdmctl apply dep-account -name default -token-json school.json -force"),
              HasSubstr("another account already uses"));
  EXPECT_THAT(run_badly("mdmctl get dep-autoassigners -account twin"), HasSubstr("no account"));
  run_well("mdmctl remove dep-account -name school");
  EXPECT_THAT(run_well("mdmctl apply dep-account -name twin -token-json school.json"),
              HasSubstr("added DEP account 'twin' of service 'depsim school'"));
}

// field-failures.md T4
TEST_F(Accounts, ATokenOfAnotherServiceNeedsForceAndBeginsABaseline) {
  add_account("school");
  const auto uuid = define("school");
  depsim().devices("add", {{"account", "lab"}, {"count", 3}});
  write_token_json("lab.json", "lab");
  EXPECT_THAT(
      run_badly("mdmctl apply dep-account -name school -token-json lab.json"),
      AllOf(HasSubstr("another service, \"depsim lab\", not to \"depsim school\""), HasSubstr("-force")));
  EXPECT_THAT(run_well("mdmctl get dep-account -account school"), HasSubstr("depsim school"));

  const size_t mark = muster().mark();
  EXPECT_EQ(run_well("mdmctl apply dep-account -name school -token-json lab.json -force"),
            "saved DEP account 'school' of service 'depsim lab'\n");
  await_run("school", mark);
  EXPECT_EQ(depsim().count_with(uuid, "lab"), 0) << "what the service had before is no arrival";
  const auto added = depsim().add(1, "lab");
  // Its profile is one of the other service's: give the rule one of this service's.
  const auto of_lab = define("school");
  sync("school");
  await_profile(added, of_lab);
  EXPECT_EQ(depsim().count_with(of_lab, "lab"), 1);
}

TEST_F(Accounts, APausedOneRestsAndGoesOnAtOnce) {
  add_account("school");
  const auto uuid = define("school");
  EXPECT_THAT(run_well("mdmctl apply dep-account -name school -paused"), HasSubstr(", paused\n"));
  EXPECT_THAT(run_well("mdmctl get dep-accounts"),
              AllOf(HasSubstr("default  ok  "), HasSubstr("school   paused"), HasSubstr("depsim school\n")));
  EXPECT_THAT(run_badly("mdmctl sync -account school"), HasSubstr("-name school -paused=false"));
  const auto added = depsim().add(2, "school");
  const auto refused = call("POST", "/v1/dep/syncnow?account=school");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("mdmctl apply dep-account -name school -paused=false"));

  const auto calls = [&] {
    return depsim().get("/control/calls").at("accounts").as_object().at("school").as_object();
  };
  const auto before = calls();
  muster().send_signal(SIGHUP);  // every account is asked to run
  size_t mark = muster().mark();
  sync("default");
  await_run("default", mark);
  stop_muster();
  start_muster();
  await_run("default", 0);
  EXPECT_EQ(calls(), before) << "also over a restart";
  // What an operator asks for themselves is done.
  EXPECT_THAT(run_well("mdmctl get dep-account -account school"), HasSubstr("depsim school"));

  EXPECT_EQ(run_well("mdmctl apply dep-account -name school -paused=false"),
            "saved DEP account 'school' of service 'depsim school'\n");
  await_profile(added, uuid);
}

TEST_F(Accounts, PausingEndsTheRunUnderWay) {
  add_account("school");
  depsim().hold("sync");
  sync("school");
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  run_well("mdmctl apply dep-account -name school -paused");
  const auto uuid = define("school");
  const auto added = depsim().add(1, "school");
  run_well("mdmctl apply dep-account -name school -paused=false");  // the held run would keep it waiting
  await_profile(added, uuid);
}

TEST_F(Accounts, ARemovedOneIsGoneWithAllThatWasKnown) {
  depsim().devices("add", {{"account", "school"}, {"count", 5000}});
  add_account("school");
  define("school");
  depsim().hold("sync");
  sync("school");
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));

  const size_t mark = muster().mark();
  EXPECT_EQ(run_well("mdmctl remove dep-account -name school"),
            "removed DEP account 'school' with its token, key pair, rules and devices\n");
  for (const char* command :
       {"get dep-devices", "get dep-autoassigners", "get dep-account", "get dep-tokens"})
    EXPECT_THAT(run_badly(std::string("mdmctl ") + command + " -account school"),
                HasSubstr("no account with the name \"school\""));
  EXPECT_EQ(muster().await("account.erased", mark).number("devices"), 5000) << "though a run was under way";
  EXPECT_THAT(run_badly("mdmctl remove dep-account -name school"), HasSubstr("mdmctl get dep-accounts"));
  EXPECT_THAT(run_well("mdmctl get dep-account"), HasSubstr("depsim default"));

  add_account("school");  // again, from nothing
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners -account school"), "Filter  DEP Profile UUID\n");
  EXPECT_EQ(run_well("mdmctl get dep-devices -account school | wc -l"), "5001\n");
  EXPECT_EQ(depsim().assigned().calls, 0) << "a baseline";
}

TEST_F(Accounts, ErasingGoesOnAfterAKill) {
  for (int i = 0; i < 3; ++i) depsim().devices("add", {{"account", "school"}, {"count", 10'000}});
  add_account("school");
  EXPECT_EQ(call("DELETE", "/api/v1/accounts/school").status, 200);
  muster().send_signal(SIGKILL);
  ASSERT_TRUE(muster().wait_exit(kDeadline));
  const bool was_faster = !muster().events("account.erased").empty();
  start_muster();
  if (!was_faster) {
    EXPECT_GT(muster().await("account.erased").number("devices"), 0);
  }
  EXPECT_THAT(run_badly("mdmctl get dep-devices -account school"), HasSubstr("no account"));
}

TEST_F(Accounts, TheDefaultOneStays) {
  const auto said = run_badly("mdmctl remove dep-account -name default");
  EXPECT_THAT(said, AllOf(HasSubstr("commands without -account"), HasSubstr("-paused"), HasSubstr("-force")));
  EXPECT_THAT(run_well("mdmctl get dep-account"), HasSubstr("depsim default"));
}

TEST_F(Accounts, ADeviceThatMovesIsInBothUntilBothHaveSeenIt) {
  add_account("school");
  const auto of_school = define("school");
  const auto serial = depsim().serials()[0];
  depsim().devices("move", {{"serials", to_json({serial})}, {"to", "school"}, {"as", "modified"}});
  sync("school");
  await_profile({serial}, of_school);
  const auto both = run_well("mdmctl get dep-devices -all-accounts");
  EXPECT_THAT(both, AllOf(testing::StartsWith("Account  SerialNumber"), HasSubstr("default  " + serial),
                          HasSubstr("school   " + serial)));
  const size_t mark = muster().mark();
  sync("default");
  await_run("default", mark);
  EXPECT_THAT(run_well("mdmctl get dep-devices -all-accounts"),
              AllOf(Not(HasSubstr("default  " + serial)), HasSubstr("school   " + serial)));
  EXPECT_EQ(depsim().profile_of(serial), of_school);
}

TEST_F(Accounts, TheListOfAllComesPageByPage) {
  add_account("lab");
  add_account("school");
  depsim().add(3, "lab");
  depsim().add(2, "school");
  size_t mark = muster().mark();
  for (const char* account : {"lab", "school"}) {
    sync(account);
    muster().await("sync.done", mark, [&](const LogLine& line) {
      return line.field("account") == account && line.number("devices") > 0;
    });
  }
  Serials seen;
  std::string cursor;
  do {
    const auto answer = parse_json(call("GET", "/api/v1/devices?account=*&limit=2&cursor=" + cursor).body);
    ASSERT_TRUE(answer);
    for (const auto& device : answer->at("devices").as_array())
      seen.push_back(std::string(device.at("account").as_string()));
    const auto* next = answer->as_object().if_contains("next_cursor");
    cursor = next ? std::string(next->as_string()) : "";
  } while (!cursor.empty());
  EXPECT_THAT(seen, ElementsAre("default", "default", "lab", "lab", "lab", "school", "school"));
}

TEST_F(Accounts, WhatCannotBeIsRefusedAndNothingChanges) {
  const struct {
    const char *path, *body, *says;
  } kCalls[] = {
      {"/api/v1/accounts/School!", "{}", "A-Z, a-z, 0-9, dot, underscore and hyphen"},
      {"/api/v1/accounts/..%2Fx", "{}", "unknown path"},
      {"/api/v1/accounts/%2A", "{}", "cannot be the name"},
      {"/api/v1/accounts/school", "[]", "must be a JSON object"},
      {"/api/v1/accounts/school", R"({"pause":true})", "unknown member \\\"pause\\\""},
      {"/api/v1/accounts/school", R"({"paused":"yes"})", "true or false"},
      {"/api/v1/accounts/school", R"({"base_url":"apple"})", "http"},
      {"/api/v1/accounts/school", R"({"base_url":"https://me:pass@apple"})", "before the @"},
      {"/api/v1/accounts/school", R"({"token":"CK"})", "must be an object"},
      {"/api/v1/accounts/school", R"({"token":{}})", "the token has no"},
      {"/api/v1/accounts/school", R"({"p7m_content":"%"})", "not base64"},
      {"/api/v1/accounts/school", R"({"p7m_content":"AAAA","token":{}})", "not both"},
  };
  for (const auto& [path, body, says] : kCalls) {
    const auto answer = call("PUT", path, body);
    EXPECT_TRUE(answer.status == 400 || answer.status == 404) << path << body << answer.status;
    EXPECT_THAT(answer.body, HasSubstr(says)) << path << body;
  }
  EXPECT_EQ(call("GET", "/v1/dep-tokens?account=school").status, 404);
  EXPECT_EQ(call("GET", "/v1/dep-tokens?account=").status, 404);
  EXPECT_EQ(call("DELETE", "/api/v1/accounts/school").status, 404);
  EXPECT_THAT(muster().events("account.added"), IsEmpty());
}

TEST_F(Accounts, TheLongestNameMayBeHad) {
  const std::string name(64, 'x');
  run_well("mdmctl apply dep-account -name " + name);
  EXPECT_THAT(run_well("mdmctl get dep-tokens -export-public-key key.pem -account " + name),
              HasSubstr("Wrote DEP public key to: key.pem"));
}

}  // namespace
}  // namespace muster::test
