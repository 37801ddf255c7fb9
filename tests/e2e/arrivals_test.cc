// What counts as an arrival, and the three warnings that users know from MicroMDM's log.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Arrivals : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3", "-accounts", "default,school"});
    start_muster();
    await_baseline(3);
    uuid_ = define_profile("*");
    baseline_ = depsim().serials();
  }

  // A run that begins now, completely.
  LogLine sync_and_wait() {
    const size_t mark = muster().mark();
    sync_now();
    return muster().await("sync.done", mark, [](const LogLine& line) { return line.number("devices") > 0; });
  }

  std::string uuid_;
  Serials baseline_;
};

TEST_F(Arrivals, AMovedInDeviceIsOneThoughAppleCallsItModified) {
  const auto moved = depsim().devices("add", {{"account", "school"}, {"count", 2}, {"baseline", true}});
  depsim().devices("move", {{"serials", to_json(moved)}, {"to", "default"}, {"as", "modified"}});
  EXPECT_EQ(sync_and_wait().number("arrivals"), 2);
  for (const auto& serial : moved) EXPECT_EQ(depsim().profile_of(serial), uuid_);
  EXPECT_THAT(muster().device_warnings(),
              ElementsAre("warning: no existing device for DEP device update: " + moved[0],
                          "warning: no existing device for DEP device update: " + moved[1]));
}

TEST_F(Arrivals, AreCountedByDay) {
  depsim().add(2);
  sync_and_wait();
  await_assigned(2, uuid_);
  sync_now();
  const auto today = [&] {
    const auto answer = parse_json(call("GET", "/api/v1/day-counts?days=1").body);
    const auto& days = answer->at("days").as_array();
    return days.size() == 1 ? days[0].as_object() : boost::json::object();
  };
  EXPECT_TRUE(comes_true([&] {
    const auto counts = today();
    return counts.contains("calls") && counts.at("calls").as_int64() > 5;
  })) << "calls are stored when a list was read";
  const auto counts = today();
  EXPECT_EQ(counts.at("arrived"), 2) << "without the baseline";
  EXPECT_EQ(counts.at("assigned"), 2);
  EXPECT_EQ(call("GET", "/api/v1/day-counts?days=401").status, 400);
  EXPECT_EQ(call("GET", "/api/v1/day-counts?account=nobody").status, 404);

  stop_muster();
  start_muster();
  EXPECT_EQ(today().at("arrived"), 2);
}

TEST_F(Arrivals, ARemovedDeviceIsNone) {
  depsim().devices("remove", {{"serials", to_json({baseline_[1]})}});
  const auto done = sync_and_wait();
  EXPECT_EQ(done.number("arrivals"), 0);
  EXPECT_EQ(done.number("left"), 1);
  EXPECT_THAT(muster().device_warnings(), ElementsAre("warning: DEP device unassigned: " + baseline_[1]));
  const auto list = run_well("mdmctl get dep-devices");
  EXPECT_THAT(list, HasSubstr(baseline_[0]));
  EXPECT_THAT(list, Not(HasSubstr(baseline_[1])));
}

TEST_F(Arrivals, ADeviceThatCameBackIsOne) {
  const auto& serial = baseline_[0];
  depsim().devices("remove", {{"serials", to_json({serial})}});
  sync_and_wait();
  depsim().devices("add", {{"serials", to_json({serial})}});
  EXPECT_EQ(sync_and_wait().number("arrivals"), 1);
  EXPECT_EQ(depsim().profile_of(serial), uuid_);
  EXPECT_THAT(muster().device_warnings(), ElementsAre("warning: DEP device unassigned: " + serial,
                                                      "warning: re-adding existing DEP device: " + serial));
}

TEST_F(Arrivals, ADeviceThatLeftAndCameBackBetweenTwoRunsIsOne) {
  const auto& serial = baseline_[0];
  depsim().devices("remove", {{"serials", to_json({serial})}});
  depsim().post("/control/clock", {{"advance", "1m"}});  // Apple's dates have whole seconds
  depsim().devices("add", {{"serials", to_json({serial})}});
  EXPECT_EQ(sync_and_wait().number("arrivals"), 1);
  EXPECT_EQ(depsim().profile_of(serial), uuid_);
  EXPECT_THAT(muster().device_warnings(), ElementsAre("warning: DEP device unassigned: " + serial,
                                                      "warning: re-adding existing DEP device: " + serial));
}

TEST_F(Arrivals, RowsOfOneSecondAreSettledByAskingApple) {
  depsim().post("/control/clock", {{"advance", "1m"}, {"frozen", true}});
  const auto left = baseline_[0], came_back = baseline_[1];
  depsim().devices("remove", {{"serials", to_json({left, came_back})}});
  depsim().devices("add", {{"serials", to_json({came_back})}});
  const auto details_before = depsim().calls("POST /devices");
  const auto done = sync_and_wait();
  EXPECT_EQ(done.number("arrivals"), 1);
  EXPECT_EQ(depsim().profile_of(came_back), uuid_);
  EXPECT_THAT(run_well("mdmctl get dep-devices"), Not(HasSubstr(left)));
  EXPECT_EQ(depsim().calls("POST /devices"), details_before + 2) << "one for the tie, one to read back";
}

TEST_F(Arrivals, ADeviceThatCameAndLeftBetweenTwoRunsIsNotAssigned) {
  const auto added = depsim().add(1);
  depsim().devices("remove", {{"serials", to_json(added)}});
  sync_and_wait();
  EXPECT_EQ(depsim().assigned().calls, 0);
  EXPECT_THAT(run_well("mdmctl get dep-devices"), Not(HasSubstr(added[0])));
}

TEST_F(Arrivals, ADeviceAssignedToTheSameServiceAgainIsOne) {
  const auto arrived = depsim().add(1);
  sync_and_wait();
  ASSERT_EQ(depsim().profile_of(arrived[0]), uuid_);
  depsim().post("/control/clock", {{"advance", "1m"}});  // Apple's dates have whole seconds
  depsim().devices("reassign", {{"serials", to_json({arrived[0], baseline_[2]})}});
  ASSERT_EQ(depsim().profile_of(arrived[0]), "");
  EXPECT_EQ(sync_and_wait().number("arrivals"), 2);
  EXPECT_EQ(depsim().profile_of(arrived[0]), uuid_);
  EXPECT_EQ(depsim().profile_of(baseline_[2]), uuid_);
  EXPECT_THAT(muster().device_warnings(), IsEmpty());
}

TEST_F(Arrivals, ADeviceThatOnlyChangedIsNone) {
  depsim().devices("set", {{"serials", to_json({baseline_[0]})}, {"asset_tag", "SCH-77"}});
  const auto done = sync_and_wait();
  EXPECT_EQ(done.number("devices"), 1);
  EXPECT_EQ(done.number("arrivals"), 0);
  EXPECT_EQ(depsim().assigned().calls, 0);
  EXPECT_THAT(run_well("mdmctl get dep-devices -o csv"), HasSubstr(",SCH-77,"));
  EXPECT_THAT(muster().device_warnings(), IsEmpty());
}

TEST_F(Arrivals, RowsThatAppleSendsTwiceChangeNothing) {
  depsim().put("/control/settings", {{"redeliver_every", 1}});
  const auto added = depsim().add(4);
  EXPECT_EQ(sync_and_wait().number("arrivals"), 4);
  EXPECT_EQ(sync_and_wait().number("arrivals"), 0);
  EXPECT_EQ(depsim().assigned().serials, 4);
  EXPECT_THAT(muster().device_warnings(), IsEmpty());
}

TEST_F(Arrivals, AnOddRowCostsThatDeviceAtMost) {
  auto added = depsim().add(3);
  depsim().devices(
      "set", {{"serials", to_json({added[1]})},
              {"members", {{"color", nullptr}, {"profile_assign_time", ""}, {"os", 17}, {"new_key", {1, 2}}}},
              {"omit", boost::json::array{"model", "device_family"}},
              {"event", false}});
  sync_and_wait();
  for (const auto& serial : added) EXPECT_EQ(depsim().profile_of(serial), uuid_) << serial;
}

TEST_F(Arrivals, ADeviceThatAPersonAssignedBeforeTheServerSawItKeepsThatProfile) {
  const auto added = depsim().add(2);
  const auto by_hand = define_profile({}, "By hand");
  EXPECT_EQ(call("POST", "/v1/dep/assign", R"({"id":")" + by_hand + R"(","serials":[")" + added[0] + R"("]})")
                .status,
            200);
  await_assigned(1, uuid_);
  EXPECT_EQ(depsim().profile_of(added[0]), by_hand);
  EXPECT_EQ(depsim().profile_of(added[1]), uuid_);
}

TEST_F(Arrivals, ADeviceThatCameWhileThereWasNoFilterStaysAsItIs) {
  run_well("mdmctl remove dep-autoassigner");
  const auto uncovered = depsim().add(1);
  EXPECT_EQ(sync_and_wait().number("uncovered"), 1);
  run_well("mdmctl apply dep-autoassigner -uuid " + uuid_);
  const auto covered = depsim().add(1);
  sync_and_wait();
  EXPECT_EQ(depsim().profile_of(covered[0]), uuid_);
  EXPECT_EQ(depsim().profile_of(uncovered[0]), "");
}

// Those that are counted, and no others: not who was there before, who has a rule, or who left.
TEST_F(Arrivals, WhoNoRuleCoveredIsListed) {
  constexpr const char* kList = "mdmctl get dep-devices -uncovered -o csv";
  const std::string hint = "`mdmctl get dep-devices -uncovered` lists the devices that no rule covered.\n";
  const auto listed = [](const std::string& csv) {
    std::vector<std::string> serials;
    for (const auto& line : lines_of(csv)) serials.push_back(line.text().substr(0, line.text().find(',')));
    serials.erase(serials.begin());  // the header
    return serials;
  };
  depsim().add(1);
  sync_and_wait();
  run_well("mdmctl remove dep-autoassigner");
  EXPECT_THAT(listed(run_well(kList)), IsEmpty());
  EXPECT_THAT(run_well("mdmctl get dep-status"), Not(HasSubstr(hint)));

  auto uncovered = depsim().add(4);
  sync_and_wait();
  depsim().devices("remove", {{"serials", to_json({uncovered.back()})}});
  uncovered.pop_back();
  sync_and_wait();
  EXPECT_THAT(listed(run_well(kList)), testing::UnorderedElementsAreArray(uncovered));
  EXPECT_THAT(listed(run_well(std::string(kList) + " -all-accounts")),
              testing::UnorderedElementsAreArray(uncovered));
  EXPECT_THAT(listed(run_well(std::string(kList) + " -filter 'serial = " + uncovered[1] + "'")),
              ElementsAre(uncovered[1]));
  EXPECT_THAT(run_well("mdmctl get dep-status"), HasSubstr(hint));
  EXPECT_THAT(run_well("mdmctl get dep-accounts"), HasSubstr(hint));
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners -v"),
              HasSubstr("3 of them arrived and wait for one (\"uncovered\")\n"
                        "`mdmctl get dep-devices -uncovered` lists them\n"));
  EXPECT_THAT(run_badly("mdmctl get dep-devices -uncovered -serials A"),
              HasSubstr("-uncovered chooses from the server's database, -serials asks Apple"));

  const auto first = parse_json(call("GET", "/api/v1/devices?uncovered=1&limit=2").body).value();
  EXPECT_EQ(first.at("devices").as_array().size(), 2u);
  const std::string next(first.at("next_cursor").as_string());
  const auto second = call("GET", "/api/v1/devices?uncovered=1&limit=2&cursor=" + next);
  EXPECT_EQ(parse_json(second.body)->at("devices").as_array().size(), 1u);
  EXPECT_EQ(call("GET", "/api/v1/devices?uncovered=maybe").status, 400);

  run_well("mdmctl apply dep-autoassigner -uuid " + uuid_ + " -scope unassigned");
  EXPECT_TRUE(comes_true([&] { return listed(run_well(kList)).empty(); }));
}

}  // namespace
}  // namespace muster::test
