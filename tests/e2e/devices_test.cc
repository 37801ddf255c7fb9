// Device lists in mdmctl.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Devices : public World {
 protected:
  void start(long long count) {
    start_depsim({"-devices", std::to_string(count)});
    start_muster();
    await_baseline(count);
  }
  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto& line : lines_of(text)) lines.push_back(line.text());
    return lines;
  }
  static std::string first_word(const std::string& line, char end) { return line.substr(0, line.find(end)); }
};

TEST_F(Devices, AllOfThemComeFromTheDatabasePageByPage) {
  start(2345);
  const auto serials = depsim().serials();  // in order
  const long long asked = depsim().all_calls();

  const auto table = lines(run_well("mdmctl get dep-devices"));
  ASSERT_EQ(table.size(), serials.size() + 1);
  EXPECT_THAT(table[0],
              testing::MatchesRegex("SerialNumber +Model +DeviceFamily +ProfileStatus +ProfileUUID"));
  const auto csv = lines(run_well("mdmctl get dep-devices -o csv"));
  ASSERT_EQ(csv.size(), serials.size() + 1);
  EXPECT_THAT(csv[0], testing::StartsWith("serial_number,model,"));
  for (size_t i = 0; i < serials.size(); ++i) {
    ASSERT_EQ(first_word(table[i + 1], ' '), serials[i]);
    ASSERT_EQ(first_word(csv[i + 1], ','), serials[i]);
  }
  const auto json = parse_json(run_well("mdmctl get dep-devices -o json"));
  ASSERT_TRUE(json);
  ASSERT_EQ(json->as_array().size(), serials.size());
  EXPECT_EQ(std::string(json->as_array().back().at("serial_number").as_string()), serials.back());

  EXPECT_EQ(depsim().all_calls(), asked) << "Apple is not asked";
}

TEST_F(Devices, TheDatabaseKeepsAllThatAppleSays) {
  start(1);
  const auto serial = depsim().serials().front();
  depsim().devices(
      "set",
      {{"serials", to_json({serial})}, {"asset_tag", "A,\"B\""}, {"members", {{"key_of_tomorrow", {1, 2}}}}});
  const size_t mark = muster().mark();
  sync_now();
  muster().await("sync.done", mark, [](const LogLine& line) { return line.number("devices") == 1; });

  const auto json = parse_json(run_well("mdmctl get dep-devices -o json"));
  ASSERT_TRUE(json);
  const auto& device = json->as_array().at(0).as_object();
  const auto apple = depsim().device(serial);
  for (const char* key :
       {"serial_number", "model", "description", "color", "asset_tag", "os", "device_family",
        "profile_status", "device_assigned_date", "device_assigned_by", "key_of_tomorrow"}) {
    if (!apple.contains(key)) continue;
    ASSERT_TRUE(device.contains(key)) << key;
    EXPECT_EQ(device.at(key), apple.at(key)) << key;
  }
  EXPECT_TRUE(device.contains("key_of_tomorrow"));
  EXPECT_THAT(run_well("mdmctl get dep-devices -o csv"), HasSubstr(",\"A,\"\"B\"\"\","));
}

TEST_F(Devices, SomeOfThemAreAskedOfApple) {
  start(3);
  const auto serials = depsim().serials();
  depsim().devices("set", {{"serials", to_json({serials[1]})},
                           {"members", {{"model", "iPhone 15"}, {"device_family", "iPhone"}}},
                           {"event", false}});  // the database does not know
  const auto uuid = define_profile();
  depsim().devices("set", {{"serials", to_json({serials[1]})},
                           {"profile_status", "assigned"},
                           {"profile_uuid", uuid},
                           {"event", false}});
  const std::string gap(serials[1].size() > 12 ? serials[1].size() - 12 : 0, ' ');
  EXPECT_EQ(run_well("mdmctl get dep-devices -serials " + serials[1]),
            "SerialNumber" + gap + "  Model      DeviceFamily  ProfileStatus  ProfileUUID\n" + serials[1] +
                "  iPhone 15  iPhone        assigned       " + uuid + "\n");

  const auto some =
      run("mdmctl get dep-devices -o csv -serials " + serials[2] + ",NOSUCHSERIAL," + serials[0]);
  EXPECT_EQ(some.exit, 3) << "a part was found";
  EXPECT_THAT(some.err, HasSubstr("NOSUCHSERIAL: NOT_ACCESSIBLE"));
  const auto rows = lines(some.out);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(first_word(rows[1], ','), serials[2]);
  EXPECT_EQ(first_word(rows[2], ','), serials[0]);
}

TEST_F(Devices, AFilterLeavesThoseItCovers) {
  start(2500);
  const auto serials = depsim().serials();
  std::vector<std::string> tagged;
  for (size_t i = 0; i < serials.size(); i += 2) tagged.push_back(serials[i]);
  depsim().devices("set", {{"serials", to_json(tagged)}, {"asset_tag", "SCH-Größe 1"}});
  const size_t mark = muster().mark();
  sync_now();
  muster().await("sync.done", mark, [&](const LogLine& line) {
    return line.number("devices") == static_cast<long long>(tagged.size());
  });

  const auto rows = lines(run_well("mdmctl get dep-devices -o csv -filter 'asset_tag ~ sch-gr??e*'"));
  ASSERT_EQ(rows.size(), tagged.size() + 1);
  for (size_t i = 0; i < tagged.size(); ++i) ASSERT_EQ(first_word(rows[i + 1], ','), tagged[i]);
  EXPECT_EQ(run_well("mdmctl get dep-devices -o csv -filter 'not asset_tag ~ sch-*' | tail -n +2 | wc -l"),
            "1250\n");
  EXPECT_EQ(
      lines(run_well("mdmctl get dep-devices -filter 'serial = \"" + to_lower(serials[1]) + "\"'")).size(),
      2U);
  EXPECT_EQ(run_well("curl -sS -G -u micromdm:$APIKEY $SERVER_URL/api/v1/filters --data-urlencode "
                     "'filter=asset_tag ~ sch-*'"),
            "{\"filter\":\"asset_tag ~ sch-*\",\"devices\":1250}\n");
}

TEST_F(Devices, MoreThanAThousandCanBeAskedAtOnce) {
  start(1500);
  auto serials = depsim().serials();
  std::string list;
  for (const auto& serial : serials) list += (list.empty() ? "" : ",") + serial;
  write("serials.txt", list);
  EXPECT_EQ(run_well("mdmctl get dep-devices -o csv -serials \"$(cat serials.txt)\" | tail -n +2 | wc -l"),
            "1500\n");
}

TEST_F(Devices, AreListedAsMicroMdmListsThem) {
  start(3);
  const auto serials = depsim().serials();
  const auto rows = lines(run_well("mdmctl get devices"));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_THAT(rows[0], testing::MatchesRegex("UDID +SerialNumber +EnrollmentStatus +LastSeen"));
  for (size_t i = 0; i < serials.size(); ++i) EXPECT_THAT(rows[i + 1], HasSubstr(serials[i]));
  const auto one = lines(run_well("mdmctl get devices -serials " + serials[1]));
  ASSERT_EQ(one.size(), 2U);
  EXPECT_THAT(one[1], HasSubstr(serials[1]));
}

TEST_F(Devices, CanBeRemovedFromTheDatabase) {
  start(3);
  const auto uuid = define_profile("*");
  const auto serials = depsim().serials();
  EXPECT_EQ(run_well("mdmctl remove devices -serials " + serials[0] + "," + serials[2]),
            "removed devices(s): " + serials[0] + ", " + serials[2] + "\n");
  const auto left = run_well("mdmctl get devices");
  EXPECT_THAT(left, Not(HasSubstr(serials[0])));
  EXPECT_THAT(left, HasSubstr(serials[1]));
  EXPECT_EQ(lines(run_well("mdmctl get dep-devices")).size(), 2U);
  EXPECT_THAT(run_badly("mdmctl remove devices -serials " + serials[0]), HasSubstr(serials[0]));
  EXPECT_EQ(depsim().assigned().calls, 0);
}

}  // namespace
}  // namespace muster::test
