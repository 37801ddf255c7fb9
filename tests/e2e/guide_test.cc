// MicroMDM's guide to DEP auto-assignment, command by command, with the output of MicroMDM's mdmctl.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

constexpr const char* kNoRules = "Filter  DEP Profile UUID\n";

class Guide : public World {
 protected:
  static std::string rule(const std::string& uuid) {
    return std::string(kNoRules) + "*       " + uuid + "\n";
  }
  static std::string saved(const std::string& uuid) {
    return "saved auto-assign filter '*' to DEP profile UUID '" + uuid +
           "'\n"
           "newly added DEP devices will be auto-assigned to the above profile UUID\n";
  }
  void write_profile(const std::string& devices) const {
    write("profile.json", R"({"profile_name": "Example profile", "url": "https://mdm.example.org/mdm/enroll",
      "is_supervised": true, "is_mandatory": true, "is_mdm_removable": false, "await_device_configured": true,
      "skip_setup_items": ["AppleID", "Android"], "devices": )" +
                              devices + "}");
  }
};

TEST_F(Guide, DevicesNamedInTheProfileGetItAtOnce) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  const auto serials = depsim().serials();
  write_profile(R"([")" + serials[0] + R"(", ")" + serials[3] + R"("])");

  const auto output = run_well("mdmctl apply dep-profiles -f profile.json");
  const auto uuid = uuid_in(output);
  EXPECT_EQ(output, "Defined DEP Profile with UUID " + uuid + "\n");
  for (size_t i = 0; i < serials.size(); ++i) {
    EXPECT_EQ(depsim().profile_of(serials[i]), i == 0 || i == 3 ? uuid : "") << serials[i];
  }
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), kNoRules);
  // The database knows it, too.
  EXPECT_TRUE(comes_true([&] {
    const auto csv = run("mdmctl get dep-devices -o csv").out;
    const auto line = csv.substr(csv.find(serials[3]));
    return line.substr(0, line.find('\n')).find("assigned," + uuid) != std::string::npos;
  }));
}

TEST_F(Guide, NewDevicesGetTheProfileOfTheFilter) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), kNoRules);

  write_profile("[]");
  const auto output = run_well("mdmctl apply dep-profiles -f profile.json -filter='*'");
  const auto uuid = uuid_in(output);
  EXPECT_EQ(output, "Defined DEP Profile with UUID " + uuid +
                        "\nSaved auto-assign filter '*' for this DEP profile\n");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), rule(uuid));

  const auto arrivals = depsim().add(3);
  EXPECT_EQ(run_well("curl --silent --show-error -w '%{http_code}' -u micromdm:$APIKEY -X POST "
                     "$SERVER_URL/v1/dep/syncnow"),
            "200");
  await_assigned(3, uuid);
  for (const auto& serial : arrivals) EXPECT_EQ(depsim().profile_of(serial), uuid);

  EXPECT_EQ(run_well("mdmctl remove dep-autoassigner"), "removed DEP profile associated with filter '*'\n");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), kNoRules);

  const auto later = depsim().add(2);
  const size_t mark = muster().mark();
  run_well("curl --silent --show-error -u micromdm:$APIKEY -X POST $SERVER_URL/v1/dep/syncnow");
  const auto done =
      muster().await("sync.done", mark, [](const LogLine& line) { return line.number("arrivals") == 2; });
  EXPECT_EQ(done.number("uncovered"), 2);
  EXPECT_EQ(done.number("calls"), 0);
  for (const auto& serial : later) EXPECT_EQ(depsim().profile_of(serial), "");
  EXPECT_EQ(depsim().count_with(uuid), 3) << "those that were assigned stay so";
}

TEST_F(Guide, TheFilterCanBeSavedForAProfileThatIsThere) {
  start_depsim({"-devices", "1"});
  start_muster();
  await_baseline(1);
  const auto first = define_profile();
  const auto second = define_profile();
  EXPECT_EQ(run_well("mdmctl apply dep-autoassigner -filter='*' -uuid " + first), saved(first));
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), rule(first));
  depsim().add(1);
  sync_now();
  await_assigned(1, first);

  // The filter is * when none is given; one filter has one profile.
  EXPECT_EQ(run_well("mdmctl apply dep-autoassigner -uuid " + second), saved(second));
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), rule(second));
  const size_t mark = muster().mark();
  depsim().add(2);
  sync_now();
  await_assigned(2, second, mark);
  EXPECT_EQ(depsim().count_with(first), 1) << "a device that has a profile keeps it";

  EXPECT_EQ(run_well("mdmctl remove dep-autoassigner -filter '*'"),
            "removed DEP profile associated with filter '*'\n");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), kNoRules);
}

TEST_F(Guide, AFilterSavedBeforeTheFirstRunDoesNotTouchTheBaseline) {
  start_depsim({"-devices", "5"});
  depsim().hold("fetch");
  start_muster();
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  const auto uuid = define_profile("*");
  kill_muster();

  start_muster();
  await_baseline(5);
  depsim().add(1);
  sync_now();
  await_assigned(1, uuid);
  EXPECT_EQ(depsim().assigned().serials, 1);
}

TEST_F(Guide, ShowsTheAccountAndItsProfiles) {
  start_depsim();
  depsim().put("/control/accounts/default", {{"org_name", "Example Inc"},
                                             {"org_phone", "111-222-3333"},
                                             {"org_email", "o@example.com"},
                                             {"server_name", "fakedep"}});
  start_muster();
  EXPECT_EQ(run_well("mdmctl get dep-account"),
            "OrgName      OrgPhone      OrgEmail       ServerName\n"
            "Example Inc  111-222-3333  o@example.com  fakedep\n");

  write_profile("null");
  const auto uuid = uuid_in(run_well("mdmctl apply dep-profiles -f - < profile.json"));
  EXPECT_EQ(run_well("mdmctl get dep-profiles -uuid " + uuid),
            "Name             Mandatory  Removable  AwaitConfigured  SkippedItems\n"
            "Example profile  true       false      true             AppleID,Android\n");
  EXPECT_EQ(run_well("mdmctl get dep-profiles -uuid " + uuid + " -f copy.json"),
            "Wrote DEP profile " + uuid + " to: copy.json\n");
  EXPECT_EQ(run_well("mdmctl get dep-profiles -uuid " + uuid + " -f -"), read("copy.json"));
  EXPECT_THAT(read("copy.json"), testing::HasSubstr("\n  \"url\": \"https://mdm.example.org/mdm/enroll\""));
  EXPECT_THAT(read("copy.json"), testing::HasSubstr(uuid));
}

TEST_F(Guide, TheTemplateIsAProfileThatAppleTakesOnceItHasAName) {
  start_depsim();
  start_muster();
  run_well("mdmctl apply dep-profiles -template > profile.json");
  EXPECT_EQ(run("mdmctl apply dep-profiles -f profile.json").exit, 1) << "its name is the template's";
  run_well("sed -i 's/(Required) Human readable name/Lab/' profile.json");
  const auto applied = run("mdmctl apply dep-profiles -f profile.json");
  EXPECT_EQ(applied.exit, 0) << applied.err;
  EXPECT_THAT(applied.err, testing::Not(testing::HasSubstr("error:")));
  const auto& output = applied.out;
  EXPECT_EQ(output, "Defined DEP Profile with UUID " + uuid_in(output) + "\n");
}

}  // namespace
}  // namespace muster::test
