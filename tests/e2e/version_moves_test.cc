// A new profile version moves devices if a rule with scope `all` follows the name; more than 100 require
// confirmation.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class VersionMoves : public World {
 protected:
  // So many devices, all with version 1 of "Rooms" by a rule that follows the name.
  void begin(long long devices) {
    start_depsim({"-devices", std::to_string(devices)});
    start_muster();
    await_baseline(devices);
    write_version("Physics");
    first_ = uuid_in(run_well("mdmctl apply dep-profiles -f rooms.json"));
    run_well("mdmctl apply dep-autoassigner -name rooms -filter='*' -profile Rooms -scope all -yes");
    await_assigned(devices, first_);
    await_idle();
  }
  void write_version(const std::string& department) const { write("rooms.json", document(department)); }
  static std::string document(const std::string& department) {
    return R"({"url":"https://mdm.example.org/enroll","profile_name":"Rooms","department":")" + department +
           "\"}";
  }
  std::string registry() const { return run_well("mdmctl get dep-profiles -name Rooms"); }
  // Which rejects, and changes nothing anywhere.
  void is_refused(const std::string& command, const std::string& remedy = "Add -yes") {
    const auto before = registry();
    const auto defined = depsim().calls("POST /profile");
    const auto result = run(command);
    EXPECT_EQ(result.exit, 1) << command;
    EXPECT_THAT(result.out, HasSubstr("101 devices would change:\n")) << command;
    EXPECT_THAT(result.out + result.err,
                AllOf(HasSubstr("101 devices would change, and nobody confirmed; nothing was changed"),
                      HasSubstr(remedy)))
        << command;
    EXPECT_EQ(registry(), before) << command;
    EXPECT_EQ(depsim().calls("POST /profile"), defined) << command;
  }

  std::string first_;
};

TEST_F(VersionMoves, ManyAreAskedAbout) {
  begin(101);
  write_version("Chemistry");
  is_refused("mdmctl apply dep-profiles -f rooms.json", "or -dry-run to see every device");
  write("muster.yaml", "profiles:\n  - file: rooms.json\n");
  is_refused("mdmctl apply -f muster.yaml");

  const auto defined = depsim().calls("POST /profile");
  EXPECT_THAT(run_well("mdmctl apply dep-profiles -f rooms.json -dry-run"),
              AllOf(HasSubstr("101 devices would change:\n"), HasSubstr("Rooms version 2 (not defined yet)"),
                    HasSubstr("'rooms'")));
  const auto csv = run_well("mdmctl apply dep-profiles -f rooms.json -dry-run -o csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 102);
  EXPECT_EQ(depsim().calls("POST /profile"), defined);
  EXPECT_EQ(depsim().count_with(first_), 101);

  const auto second_said = run_well("mdmctl apply dep-profiles -f rooms.json -yes");
  EXPECT_THAT(second_said, AllOf(HasSubstr("version 2 of \"Rooms\""), HasSubstr("101 devices change:\n")));
  const auto second = uuid_in(second_said);
  await_assigned(101, second);
  await_idle();

  is_refused("mdmctl rollback dep-profile -name Rooms", "or -dry-run to see every device");
  EXPECT_THAT(run_well("mdmctl rollback dep-profile -name Rooms -dry-run"),
              HasSubstr("101 devices would change:\n"));
  EXPECT_THAT(run_well("mdmctl rollback dep-profile -name Rooms -yes"), HasSubstr("101 devices change:\n"));
  await_assigned(101, first_);
  await_idle();

  write_version("Biology");
  const auto applied = run("mdmctl apply -f muster.yaml -yes");
  EXPECT_EQ(applied.exit, 2) << applied.out << applied.err;
  EXPECT_THAT(applied.out,
              AllOf(HasSubstr("profile Rooms: applied (version 3, UUID "),
                    HasSubstr("  101 devices change; `mdmctl get backfill` shows the progress\n")));
  EXPECT_TRUE(comes_true([&] { return depsim().count_with(first_) == 0; }));
}

TEST_F(VersionMoves, FewAreTold) {
  begin(100);
  write_version("Chemistry");
  const auto said = run_well("mdmctl apply dep-profiles -f rooms.json");
  EXPECT_THAT(said, HasSubstr("100 devices change:\n"));
  await_assigned(100, uuid_in(said));
}

// Rules that follow another name, or none, move nothing by it: then it is as it always was.
TEST_F(VersionMoves, AVersionThatNoRuleFollowsAsksNobody) {
  begin(101);
  write("other.json", R"({"url":"https://mdm.example.org/enroll","profile_name":"Other"})");
  const auto first = run_well("mdmctl apply dep-profiles -f other.json");
  EXPECT_EQ(first, "Defined DEP Profile with UUID " + uuid_in(first) + "\n");
  EXPECT_EQ(run_well("mdmctl apply dep-profiles -f other.json -dry-run"), "No device would change.\n");
  const auto second = run_well("mdmctl apply dep-profiles -f other.json");
  EXPECT_EQ(second, "Defined DEP Profile with UUID " + uuid_in(second) +
                        "\nversion 2 of \"Other\"; no device has version 1\n");
  EXPECT_EQ(run_well("mdmctl rollback dep-profile -name Other -dry-run"), "No device would change.\n");
  EXPECT_EQ(run_well("mdmctl rollback dep-profile -name Other"),
            "Rolled back to DEP Profile with UUID " + uuid_in(first) +
                "\nversion 1 of \"Other\"; no device has version 2\n");
}

// MicroMDM's clients are asked nothing.
TEST_F(VersionMoves, TheCallItselfMovesThem) {
  begin(101);
  const auto answer = call("PUT", "/v1/dep/profiles", document("Chemistry"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto json = parse_json(answer.body).value();
  EXPECT_TRUE(json.at("applied").as_bool());
  await_assigned(101, std::string(json.at("profile_uuid").as_string()));
  EXPECT_EQ(call("PUT", "/v1/dep/profiles?max_changes=many", document("Biology")).status, 400);
  EXPECT_EQ(call("POST", "/api/v1/profiles/Rooms/rollback").status, 200);
  await_assigned(101, first_);
}

}  // namespace
}  // namespace muster::test
