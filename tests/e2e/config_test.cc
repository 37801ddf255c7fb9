// Configuration as code: a file is applied, applied again, changed, pruned, and written by the server; two
// users at once.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/torture/dice.h"

namespace muster::test {
namespace {

using boost::json::object;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kConfig = R"(lists:
  - name: lab
    file: lists/lab.csv
profiles:
  - file: ipads.json
  - document:
      profile_name: Macs
      url: https://mdm.example.org/enroll
rules:
  - name: lab
    filter: serial in @lab
    no_profile: true
    priority: 5
  - name: ipads
    filter: family = iPad
    profile: iPads
    priority: 10
  - filter: '*'
    profile: Macs
)";

class ConfigAsCode : public World {
 protected:
  void begin(const std::vector<std::string>& more_flags = {}) {
    start_depsim({"-devices", "4"});
    start_muster(more_flags);
    await_baseline(4);
    write("lists/lab.csv", "serial\nC0LAB00001\nC0LAB00002\n");
    write_ipads("IT");
    write("muster.yaml", kConfig);
  }
  void write_ipads(const std::string& department) const {
    write("ipads.json",
          R"({"profile_name": "iPads", "url": "https://mdm.example.org/enroll", "department": ")" +
              department + "\"}\n");
  }
  std::string apply(int code, const std::string& flags) const {
    const auto result = run("mdmctl apply -f " + flags);
    EXPECT_EQ(result.exit, code) << flags << ":\n" << result.out << result.err;
    return result.out + result.err;
  }
  object config() const {
    const auto answer = call("GET", "/api/v1/config");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value().as_object();
  }
  long long revision() const { return config().at("revision").to_number<long long>(); }
};

TEST_F(ConfigAsCode, IsAppliedOnceAndThenThereIsNothingToDo) {
  begin();
  const auto before = config();
  EXPECT_THAT(apply(2, "muster.yaml -dry-run"),
              AllOf(HasSubstr("+ list lab (2 serial numbers)"), HasSubstr("+ profile iPads"),
                    HasSubstr("+ rule 'ipads'"), HasSubstr("dry run, nothing is changed")));
  EXPECT_EQ(config(), before) << "a dry run changes nothing";
  EXPECT_THAT(apply(2, "muster.yaml"), HasSubstr("rule filter '*': applied"));
  const auto rules = run_well("mdmctl get dep-autoassigners -v");
  EXPECT_LT(rules.find("lab"), rules.find("ipads"));
  EXPECT_EQ(apply(0, "muster.yaml"), "account default: nothing to do\n");

  // It works: what arrives gets what the rules say.
  const auto ipads = depsim().devices("add", {{"count", 1}, {"family", "iPad"}});
  sync_now();
  EXPECT_TRUE(comes_true([&] { return !depsim().profile_of(ipads.front()).empty(); }));
}

TEST_F(ConfigAsCode, ShowsAndDoesWhatDiffers) {
  begin();
  apply(2, "muster.yaml");
  write_ipads("Physics");
  write("lists/lab.csv", "C0LAB00002\nC0LAB00003\nC0LAB00004\n");
  std::string text = kConfig;
  text.replace(text.find("priority: 10"), 12, "scope: all  ");
  write("muster.yaml", "paused: true\n" + text);
  const auto said = apply(2, "muster.yaml");
  EXPECT_THAT(said, HasSubstr("~ list lab: 2 added, 1 removed, 3 serial numbers then\n"));
  EXPECT_THAT(said, HasSubstr("~ profile iPads: a new version (department)\n"));
  EXPECT_THAT(said, HasSubstr("~ rule 'ipads': priority 10 -> 100, scope new -> all\n"));
  EXPECT_THAT(said, HasSubstr("~ settings: paused false -> true\n"));
  EXPECT_THAT(said, HasSubstr("profile iPads: applied (version 2, UUID "));
  EXPECT_EQ(apply(0, "muster.yaml"), "account default: nothing to do\n");
  EXPECT_TRUE(config().at("paused").as_bool());
}

TEST_F(ConfigAsCode, RemovesWhatIsNotThereOnlyWhenAsked) {
  begin();
  apply(2, "muster.yaml");
  write("less.yaml", "rules:\n  - filter: '*'\n    profile: Macs\n");
  EXPECT_EQ(apply(0, "less.yaml"),
            "account default: nothing to do\n  2 objects are not in the file; -prune removes them\n");
  EXPECT_THAT(apply(2, "less.yaml -prune"), AllOf(HasSubstr("- rule 'ipads'"), Not(HasSubstr("list lab"))))
      << "a section that is not there is not managed";
  write("none.yaml", "lists: []\nprofiles: []\nrules: []\n");
  EXPECT_THAT(apply(2, "none.yaml -prune"), AllOf(HasSubstr("- list lab"), HasSubstr("- rule filter '*'")));
  const auto rest = config();
  EXPECT_TRUE(rest.at("lists").as_array().empty());
  EXPECT_TRUE(rest.at("rules").as_array().empty());
  EXPECT_EQ(rest.at("profiles").as_array().size(), 2u) << "Apple keeps profiles, so they are never pruned";
}

TEST_F(ConfigAsCode, AFailingProfileDoesNotStopTheRest) {
  begin();
  depsim().add_fault({{"endpoint", "define"}, {"status", 400}, {"body", "CONFIG_NAME_INVALID"}});
  const auto said = apply(1, "muster.yaml");
  EXPECT_THAT(said, HasSubstr("list lab: applied\n"));
  EXPECT_THAT(said, AllOf(HasSubstr("profile iPads: not applied: "), HasSubstr("CONFIG_NAME_INVALID")));
  EXPECT_THAT(said, HasSubstr("profile Macs: applied"));
  EXPECT_THAT(said, HasSubstr("rule 'lab': applied\n"));
  EXPECT_THAT(said, HasSubstr("rule 'ipads': left out, since it needs profile iPads\n"));
  EXPECT_THAT(said, HasSubstr("rule filter '*': applied\n"));
  EXPECT_THAT(said, HasSubstr("2 of 6 changes were not made"));
  EXPECT_THAT(apply(2, "muster.yaml"), AllOf(HasSubstr("rule 'ipads': applied"), Not(HasSubstr("Macs"))));
}

TEST_F(ConfigAsCode, ManyDevicesDoNotChangeUnasked) {
  start_depsim({"-devices", "120"});
  start_muster();
  await_baseline(120);
  write("muster.yaml",
        "profiles:\n  - document: {profile_name: P, url: 'https://mdm.example.org/enroll'}\n"
        "rules:\n  - filter: '*'\n    profile: P\n    scope: all\n");
  EXPECT_THAT(apply(1, "muster.yaml"), AllOf(HasSubstr("120 devices would change"), HasSubstr("Add -yes")));
  EXPECT_THAT(apply(2, "muster.yaml -yes"), HasSubstr("120 devices change"));
}

TEST_F(ConfigAsCode, IsFoundWrongBeforeAnythingIsSent) {
  begin();
  const auto before = config();
  std::string text = kConfig;
  text.replace(text.find("family = iPad"), 13, "famly = iPad ");
  text.replace(text.find("@lab"), 4, "@lub");
  write("muster.yaml", text);
  EXPECT_THAT(
      apply(1, "muster.yaml"),
      AllOf(HasSubstr("muster.yaml:11:13: error: the filter asks the list @lub"),
            HasSubstr("muster.yaml:15:13: error: column 1 of the filter: there is no field `famly`")));
  write("muster.yaml", "account: scool\nrules: []\n");
  EXPECT_THAT(apply(1, "muster.yaml"), HasSubstr("muster.yaml:1:10: error: "));
  EXPECT_EQ(config(), before);
}

// Two users looked at the same configuration; the first one changed it. A configuration that someone else
// wrote names files that the user may read and others may not.
TEST_F(ConfigAsCode, FilesThatItNamesAreNeitherWaitedForNorShown) {
  begin();
  const std::string secret = "root:$y$j9T$SECRET-OF-THE-FILE:20000:0:::::\ndaemon:*:19000::\n";
  write("secret", secret);
  run_well("mkfifo pipe");
  write("others.yaml",
        "lists:\n  - {name: a, file: secret}\n  - {name: b, file: pipe}\n  - {name: c, file: /dev/zero}\n"
        "profiles:\n  - {file: secret}\n  - {file: pipe}\n");
  EXPECT_THAT(apply(1, "others.yaml"),
              AllOf(HasSubstr("pipe is not a regular file"), HasSubstr("/dev/zero is not a regular file"),
                    HasSubstr("line 1: this is not a serial number"), HasSubstr("this is not JSON"),
                    Not(HasSubstr("SECRET")), Not(HasSubstr("root"))));
}

TEST_F(ConfigAsCode, HasNoMoreRulesThanTheServerAllows) {
  begin({"-rule-limit", "3"});
  apply(2, "muster.yaml");
  const auto before = config();
  write("more.yaml", std::string(kConfig) + "  - {filter: model = Mac, profile: iPads}\n");
  EXPECT_THAT(
      apply(1, "more.yaml"),
      AllOf(HasSubstr("the account has 3 rules, the file has 1 more, and the server allows no more than 3"),
            HasSubstr("-rule-limit"), HasSubstr("nothing was changed")));
  write("new.yaml", "rules:\n  - {filter: model = Mac, no_profile: true}\n");
  EXPECT_THAT(apply(1, "new.yaml -prune"), HasSubstr("nothing was changed"))
      << "what is new comes before what goes";
  EXPECT_EQ(config(), before);

  EXPECT_THAT(
      run_badly("mdmctl apply dep-autoassigner -filter 'model = Mac' -no-profile -priority 7"),
      AllOf(HasSubstr("the account has 3 rules; the limit of this server is 3"), HasSubstr("-rule-limit")));
  // Who has more already keeps them, changes and removes them.
  stop_muster();
  start_muster({"-rule-limit", "2"});
  run_well("mdmctl apply dep-autoassigner -name ipads -priority 11");
  EXPECT_EQ(config().at("rules").as_array().size(), 3u);
  run_well("mdmctl remove dep-autoassigner -name lab");
  run_well("mdmctl remove dep-autoassigner -name ipads");
  run_well("mdmctl apply dep-autoassigner -filter 'model = Mac' -no-profile -priority 7");
}

TEST_F(ConfigAsCode, NoCallThatIsMeantForAnOlderRevisionChangesAnything) {
  begin();
  apply(2, "muster.yaml");
  const auto old = revision();
  run_well("mdmctl apply dep-autoassigner -name ipads -priority 11");
  const auto before = config();
  const auto defined = depsim().calls("POST /profile");
  const auto refused = [&](const std::string& method, const std::string& path, const std::string& body) {
    const auto answer = call(method, path, body);
    EXPECT_EQ(answer.status, 409) << method << " " << path;
    EXPECT_THAT(answer.body, HasSubstr("the configuration was changed: its revision is " +
                                       std::to_string(old + 1) + ", not " + std::to_string(old)))
        << method << " " << path;
  };
  const std::string meant = "\"revision\":" + std::to_string(old) + "}";
  refused("PUT", "/api/v1/rules", R"({"name":"ipads","priority":12,)" + meant);
  refused("PUT", "/api/v1/rules", R"({"name":"ipads","priority":12,"dry_run":true,)" + meant);
  refused("DELETE", "/api/v1/rules", R"({"name":"ipads",)" + meant);
  refused("PUT", "/api/v1/lists/lab", R"({"csv":"C0X\n","mode":"replace",)" + meant);
  refused("DELETE", "/api/v1/lists/lab", "{" + meant);
  refused("PUT", "/api/v1/accounts/default", R"({"paused":true,)" + meant);
  refused("PUT", "/v1/dep/profiles?revision=" + std::to_string(old),
          R"({"profile_name":"Macs","url":"https://mdm.example.org/other"})");
  EXPECT_EQ(config(), before);
  EXPECT_EQ(depsim().calls("POST /profile"), defined) << "Apple is not asked";

  // The present revision is taken, and each answer gives the next.
  const auto answer = call("PUT", "/api/v1/rules",
                           R"({"name":"ipads","priority":12,"revision":)" + std::to_string(old + 1) + "}");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(parse_json(answer.body)->as_object().at("revision").to_number<long long>(), revision());
}

// Her file is in progress, at a profile for which Apple takes its time, when he changes a rule.
TEST_F(ConfigAsCode, TheSecondOfTwoPeopleIsTold) {
  begin({"-apple-timeout", "3s"});
  write("first.yaml", "rules:\n  - {name: his, filter: family = Mac, no_profile: true}\n");
  depsim().hold("define");
  Process hers(
      {"/bin/sh", "-c", "cd '" + path("") + "' && exec '" + binary("mdmctl") + "' apply -f muster.yaml"},
      {{"MDMCTL_SERVER_URL", muster().url()}, {"MDMCTL_API_TOKEN", kApiKey}});
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  EXPECT_THAT(apply(2, "first.yaml"), HasSubstr("rule 'his': applied"));
  const auto after_his = config();
  EXPECT_EQ(hers.wait_exit(), 1) << hers.output();
  EXPECT_THAT(hers.out(),
              AllOf(HasSubstr("the configuration was changed"), HasSubstr("nothing more was done here"),
                    Not(HasSubstr("rule 'lab': applied"))));
  EXPECT_EQ(config().at("rules"), after_his.at("rules"));
}

// What the server writes is what it has, whatever that is.
class WrittenConfig : public ConfigAsCode {
 protected:
  void put(const std::string& method, const std::string& path, const object& body) const {
    const auto answer = call(method, path, write_json(body));
    EXPECT_EQ(answer.status, 200) << path << " " << write_json(body) << "\n" << answer.body;
  }
  std::string some_text() {
    static const std::vector<std::string> kParts = {"a",    "Lab", "12", " ", ": ", " #",       "'",
                                                    "\"",   "\\",  "-",  "*", "@",  "\xC3\xA4", "true",
                                                    "null", "{",   "]",  "%", "&",  "!"};
    std::string text;
    for (size_t i = dice_.between(1, 5); i > 0; --i) text += kParts[dice_.below(kParts.size())];
    return text;
  }
  void make_lists() {
    for (size_t i = 0; i < 6; ++i) {
      std::string csv = "serial\n";
      for (size_t j = dice_.below(30); j > 0; --j)
        csv += std::to_string(dice_.below(1000)) + "E" + std::to_string(j) + "\n";
      put("PUT", "/api/v1/lists/l" + std::to_string(i), {{"csv", csv}, {"mode", "replace"}});
    }
  }
  void make_profiles() {
    for (size_t i = 0; i < 8; ++i) {
      const std::string name = "P" + std::to_string(i) + some_text();
      object profile{
          {"profile_name", name},
          {"url", "https://mdm.example.org/enroll?q=" + std::to_string(i)},
          {"is_supervised", dice_.one_in(2)},
          {"x_number", static_cast<std::int64_t>(dice_.below(1000)) - 500},
          {"x_nested",
           {{some_text(), {some_text(), nullptr, 1.5, object()}}, {"list", boost::json::array()}}}};
      if (dice_.one_in(2)) profile["department"] = "D" + some_text();
      put("PUT", "/v1/dep/profiles", profile);
      profiles_.push_back(name);
    }
  }
  void make_rules() {
    const auto defined = config().at("profiles").as_array();
    const char* scopes[] = {"new", "unassigned", "all"};
    for (size_t i = 0; i < 14; ++i) {
      object rule{{"filter", "asset_tag = \"T" + std::to_string(i) + "\" or serial in @l" +
                                 std::to_string(dice_.below(6))},
                  {"scope", scopes[dice_.below(3)]},
                  {"priority", dice_.below(3)}};
      if (dice_.one_in(2)) rule["name"] = "R" + std::to_string(i) + some_text();
      if (dice_.one_in(3)) {
        rule["no_profile"] = true;
        rule["scope"] = "new";
      } else if (dice_.one_in(2)) {
        rule["profile_name"] = profiles_[dice_.below(profiles_.size())];
      } else {
        rule["profile_uuid"] = defined[dice_.below(defined.size())].at("profile_uuid");
      }
      put("PUT", "/api/v1/rules", rule);
    }
    put("PUT", "/api/v1/rules", {{"filter", "*"}, {"profile_name", profiles_[0]}});
  }

  torture::Dice dice_{20260301};
  std::vector<std::string> profiles_;
};

TEST_F(WrittenConfig, IsWhatTheServerHas) {
  start_depsim({"-devices", "2"});
  start_muster();
  await_baseline(2);
  make_lists();
  make_profiles();
  make_rules();
  const auto before = config();
  for (const char* form : {"yaml", "json"}) {
    write("written", run_well(std::string("mdmctl get config -o ") + form));
    const auto said = apply(0, "written -force");
    EXPECT_THAT(said, HasSubstr("account default: nothing to do\n")) << form << "\n" << read("written");
    EXPECT_THAT(said, Not(HasSubstr("note:"))) << form;
  }
  EXPECT_EQ(config(), before);

  // ... and an empty server gets the same from it.
  write("none", "lists: []\nrules: []\n");
  apply(2, "none -prune");
  apply(2, "written -force -yes");
  EXPECT_EQ(run_well("mdmctl get config -o json"), read("written"));
}

}  // namespace
}  // namespace muster::test
