// Profile versions: rules that follow a name, and rollback.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <regex>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Registry : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "1"});
    start_muster();
    await_baseline(1);
  }

  // Defines the next version of "Rooms"; returns its UUID. Everything printed is in said_.
  std::string define(const std::string& department, const std::string& flags = {}) {
    write("rooms.json", R"({"url":"https://mdm.example.org/enroll","profile_name":"Rooms","department":")" +
                            department + R"("})");
    said_ = run_well("mdmctl apply dep-profiles -f rooms.json" + flags);
    return uuid_in(said_);
  }
  boost::json::value registry(const std::string& path = {}) const {
    return parse_json(call("GET", "/api/v1/profiles" + path).body).value();
  }
  // A device arrives; returns its serial once it has that profile.
  std::string arrival_with(const std::string& profile) {
    const auto serial = depsim().add(1).front();
    sync_now();
    // ... and Muster knows that it has.
    EXPECT_TRUE(comes_true([&] {
      const auto known = run_well("mdmctl get dep-devices");
      return depsim().profile_of(serial) == profile && known.find(serial) != std::string::npos &&
             std::regex_search(known, std::regex(serial + ".*(assigned|pushed) +" + profile));
    })) << serial
        << " has " << depsim().profile_of(serial);
    return serial;
  }

  std::string said_;
};

TEST_F(Registry, RulesFollowTheNameAndDevicesStay) {
  const auto first = define("Physics");
  EXPECT_EQ("Defined DEP Profile with UUID " + first + "\n", said_);
  run_well("mdmctl apply dep-autoassigner -filter='*' -profile Rooms");
  const auto before = arrival_with(first);

  const auto second = define("Chemistry");
  EXPECT_EQ("Defined DEP Profile with UUID " + second +
                "\nversion 2 of \"Rooms\"; 1 device still has version 1\n"
                "1 rule follows the name: what arrives from now on gets version 2\n",
            said_);
  arrival_with(second);
  EXPECT_EQ(first, depsim().profile_of(before));

  EXPECT_EQ("Rolled back to DEP Profile with UUID " + first +
                "\nversion 1 of \"Rooms\"; 1 device still has version 2\n"
                "1 rule follows the name: what arrives from now on gets version 1\n",
            run_well("mdmctl rollback dep-profile -name Rooms"));
  arrival_with(first);
  EXPECT_EQ(2, depsim().count_with(first));
  EXPECT_EQ(1, depsim().count_with(second));

  boost::json::array versions;
  const auto count = [&](size_t version) { return versions.at(version).at("devices").as_int64(); };
  EXPECT_TRUE(comes_true([&] {  // once Apple has reported it
    versions = registry("/Rooms").at("versions").as_array();
    return versions.size() == 2 && count(0) == 2 && count(1) == 1;
  })) << write_json(versions);
  EXPECT_EQ(R"(["filter '*'"])", write_json(versions.at(0).at("rules")));
  EXPECT_TRUE(versions.at(0).at("current").as_bool());
}

TEST_F(Registry, ArrivalsThatWaitGetTheVersionOfNow) {
  define("Physics");
  run_well("mdmctl apply dep-autoassigner -filter='*' -profile Rooms");
  depsim().add_fault({{"endpoint", "assign"}, {"count", 0}, {"results", {{"*", "FAILED"}}}});
  const auto serial = depsim().add(1).front();
  sync_now();
  ASSERT_TRUE(comes_true([&] {
    return call("GET", "/api/v1/devices").body.find(R"("last_answer":"FAILED")") != std::string::npos;
  }));
  const auto second = define("Chemistry");
  const auto device = parse_json(call("GET", "/api/v1/devices").body).value();
  bool found = false;
  for (const auto& row : device.at("devices").as_array()) {
    if (row.at("serial_number").as_string() != serial) continue;
    found = true;
    EXPECT_EQ(second, std::string(row.at("desired_profile_uuid").as_string()));
    EXPECT_EQ(second, std::string(row.at("assignment").at("profile_uuid").as_string()));
  }
  EXPECT_TRUE(found);
}

TEST_F(Registry, ARuleWithAUuidStays) {
  const auto first = define("Physics", " -filter='*'");
  define("Chemistry");
  EXPECT_THAT(said_, Not(HasSubstr("rule")));
  arrival_with(first);
}

TEST_F(Registry, IfChangedDefinesNothingThatSaysTheSame) {
  const auto first = define("Physics", " -if-changed");
  const auto calls = depsim().calls("POST /profile");
  write("rooms.json",
        "{ \"department\": \"Physics\", \"profile_name\": \"Rooms\",\n"
        "  \"url\": \"https://mdm.example.org/enroll\", \"devices\": [\"" +
            depsim().serials().front() + "\"] }");
  EXPECT_EQ("DEP Profile \"Rooms\" is unchanged: version 1 with UUID " + first + "\n",
            run_well("mdmctl apply dep-profiles -f rooms.json -if-changed"));
  EXPECT_EQ(first, depsim().profile_of(depsim().serials().front()))
      << "the devices in it get it all the same";
  const auto assigned = depsim().assigned().calls;
  run_well("mdmctl apply dep-profiles -f rooms.json -if-changed");
  EXPECT_EQ(assigned, depsim().assigned().calls) << "but only once";
  EXPECT_EQ(calls, depsim().calls("POST /profile"));

  define("Chemistry", " -if-changed");
  EXPECT_THAT(said_, HasSubstr("version 2 of \"Rooms\""));
  run_well("mdmctl rollback dep-profile -name Rooms");
  define("Chemistry", " -if-changed");
  EXPECT_THAT(said_, HasSubstr("version 3 of \"Rooms\""))
      << "version 1 is the current one, and says something else";
}

TEST_F(Registry, KeepsTheDocumentAndWhoAskedForIt) {
  write("slash.json",
        R"({"url":"https://mdm.example.org/enroll","z":1,"profile_name":"Rooms/A ?é","devices":[]})");
  ASSERT_EQ(0, run("USER=ann mdmctl apply dep-profiles -f slash.json").exit);
  const auto profile = registry("/Rooms%2FA%20%3F%C3%A9");
  EXPECT_EQ(R"({"url":"https://mdm.example.org/enroll","z":1,"profile_name":"Rooms/A ?é"})",
            write_json(profile.at("document")));
  EXPECT_THAT(std::string(profile.at("defined_by").as_string()), testing::StartsWith("ann@"));
  call("PUT", "/v1/dep/profiles", read("slash.json"));
  EXPECT_EQ("127.0.0.1", std::string(registry("/Rooms%2FA%20%3F%C3%A9").at("defined_by").as_string()));
  EXPECT_EQ(
      "mdmctl: rollback dep-profile: \"Rooms/A ?é\" has no version 7. `mdmctl get dep-profiles -name NAME` lists the "
      "versions of a name\n",
      run_badly("mdmctl rollback dep-profile -name 'Rooms/A ?é' -version 7"));
  run_well("mdmctl rollback dep-profile -name 'Rooms/A ?é' -version 1");
  EXPECT_THAT(run_badly("mdmctl rollback dep-profile -name 'Rooms/A ?é' -version 1"),
              HasSubstr("is already current"));
  EXPECT_THAT(run_badly("mdmctl rollback dep-profile -name Rooms"),
              HasSubstr("there is no profile with the name \"Rooms\""));
  EXPECT_EQ(404, call("GET", "/api/v1/profiles/Rooms").status);
  EXPECT_EQ(405, call("POST", "/api/v1/profiles/Rooms/explode").status);
  EXPECT_EQ(404, call("GET", "/api/v1/profiles/Rooms%2FA%20%3F%C3%A9?version=9").status);
  EXPECT_EQ(400, call("POST", "/api/v1/profiles/Rooms/rollback", R"({"version":"one"})").status);
}

TEST_F(Registry, AFirstVersionIsAnsweredAsMicroMdmDoes) {
  const auto answer =
      call("PUT", "/v1/dep/profiles", R"({"profile_name":"Rooms","url":"https://mdm.example.org/"})");
  const auto json = parse_json(answer.body).value().as_object();
  EXPECT_EQ(2U, json.size()) << answer.body;
  EXPECT_TRUE(json.contains("profile_uuid") && json.contains("devices"));
}

}  // namespace
}  // namespace muster::test
