// NanoDEP's accounts move to Muster, and back: no device is assigned twice, and none is missed.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/handover/old_nanodep.h"

namespace muster::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kNames = {"School", "lab_1", "Lab-2"};
constexpr const char* kStorage = "-storage filekv -dsn nanodep";

class Handover : public World {
 protected:
  void SetUp() override {
    start_depsim({"-accounts", "default,School,lab_1,Lab-2"});
    old_.emplace(depsim(), path("nanodep"));
    for (const auto& name : kNames) {
      old_->add(name);
      for (const char* part : {".consumer_secret", ".access_token", ".access_secret", ".key"})
        add_secret(old_->value(name, part));
      profiles_[name] = old_->assign_by(name, "Usual " + name);
    }
  }

  void arrive(long long count) {
    for (const auto& name : kNames) depsim().add(count, name);
    devices_ += count * static_cast<long long>(kNames.size());
  }
  void depsyncer_runs() {
    for (const auto& name : kNames) old_->sync(name);
  }
  bool all_have_their_profile() {
    for (const auto& name : kNames)
      for (const auto& [serial, profile] : depsim().profiles(name))
        if (profile != profiles_[name]) return false;
    return true;
  }
  // Every device was assigned once, whoever did it.
  void expect_each_assigned_once() {
    EXPECT_TRUE(all_have_their_profile());
    EXPECT_EQ(depsim().assigned().successes, devices_);
    EXPECT_EQ(write_json(depsim().get("/control/calls").at("repeated")), "[]");
  }
  void await_all_assigned() {
    ASSERT_TRUE(comes_true([&] { return all_have_their_profile(); }));
    await_idle();
  }

  std::optional<OldNanodep> old_;
  std::map<std::string, std::string> profiles_;
  long long devices_ = 0;
};

TEST_F(Handover, ThereAndBack) {
  arrive(3'300);
  depsyncer_runs();  // the full list
  arrive(20);
  depsyncer_runs();  // changes
  expect_each_assigned_once();
  // The old server has stopped; what arrives now is for Muster.
  arrive(15);

  start_muster();
  const auto plan = run_well(fmt::format("mdmctl import nanodep {} -dry-run", kStorage));
  EXPECT_THAT(plan, ContainsRegex("School +cursor +would be imported"));
  EXPECT_THAT(plan, HasSubstr("nothing was changed (-dry-run)"));
  EXPECT_THAT(run_well("mdmctl get dep-accounts"), Not(HasSubstr("School")));

  const auto said = run_well(fmt::format("mdmctl import nanodep {}", kStorage));
  EXPECT_THAT(said, ContainsRegex("School +token +imported +of the service \"depsim School\""));
  EXPECT_THAT(said, ContainsRegex("lab_1 +key pair +imported"));
  EXPECT_THAT(
      said, ContainsRegex("Lab-2 +assigner +imported +every device that arrives gets " + profiles_["Lab-2"]));
  await_all_assigned();
  expect_each_assigned_once();

  EXPECT_THAT(run_well(fmt::format("mdmctl import nanodep {}", kStorage)),
              HasSubstr("everything was here already; nothing was changed"));
  arrive(10);
  for (const auto& name : kNames) run_well("mdmctl sync -wait -account " + name);
  await_all_assigned();
  expect_each_assigned_once();

  // And back.
  const auto back = run_well("mdmctl export nanodep -dsn nanodep -names School,lab_1,Lab-2");
  EXPECT_THAT(back, HasSubstr("handed 'School' over to nanodep; it is paused in Muster"));
  arrive(5);
  depsyncer_runs();
  expect_each_assigned_once();
  run_well("mdmctl sync -wait -account default");
  EXPECT_EQ(depsim().assigned().successes, devices_) << "Muster leaves them alone";
}

TEST_F(Handover, TheFirstListHasTheArrivalsWhereTheCursorIsTooOld) {
  arrive(30);
  depsyncer_runs();
  arrive(7);
  for (const auto& name : kNames)
    old_->set(name, ".cursor", "MDowOjE6MTp0cnVlOjE");  // Apple knows it no more
  start_muster();
  run_well(fmt::format("mdmctl import nanodep {}", kStorage));
  await_all_assigned();
  expect_each_assigned_once();
}

TEST_F(Handover, WhatNanodepLeftAloneStaysAlone) {
  old_->set("School", ".assigner_profile", "");
  boost::json::array old_devices;
  for (int i = 0; i < 5; ++i)
    old_devices.push_back(
        {{"serial_number", fmt::format("C02OLD{}", i)}, {"device_assigned_date", "2025-03-04T05:06:07Z"}});
  depsim().devices("add", {{"account", "School"}, {"devices", old_devices}});
  old_->sync("School");
  depsim().add(3, "School");
  start_muster();
  EXPECT_THAT(run_well(fmt::format("mdmctl import nanodep {} -names School", kStorage)),
              ContainsRegex("School +assigner +none +devices that arrive get no profile"));
  ASSERT_TRUE(comes_true(
      [&] { return run("mdmctl get dep-devices -account School -o json | jq length").out == "8\n"; }));
  await_idle();
  EXPECT_EQ(depsim().assigned().calls, 0);
  // The three arrived, and no rule covers them; the five were there.
  EXPECT_EQ(run_well("mdmctl get dep-devices -account School -uncovered -o json | jq length"), "3\n");
}

TEST_F(Handover, ThingsThatCannotBeSayWhy) {
  arrive(3);
  start_muster();
  EXPECT_THAT(run_badly("mdmctl import nanodep -storage filekv -dsn nowhere"),
              HasSubstr("there is no directory nowhere/dep_names"));
  old_->set("Ein Name", ".cursor", "c");
  EXPECT_THAT(run_badly(fmt::format("mdmctl import nanodep {}", kStorage)),
              HasSubstr("\"Ein Name\" cannot be the name of an account in Muster"));
  // A name that is not there, and one whose key is another's: the rest is imported.
  old_->set("lab_1", ".key", old_->value("School", ".key"));
  const auto partly =
      run(fmt::format("mdmctl import nanodep {} -names School=school,lab_1,nobody", kStorage));
  EXPECT_EQ(partly.exit, 3);
  EXPECT_THAT(partly.out, ContainsRegex("school +token +imported"));
  EXPECT_THAT(partly.err,
              HasSubstr("\"lab_1\" was not imported: the key pair cannot be used: the private key does not "
                        "belong to the certificate"));
  EXPECT_THAT(partly.err, HasSubstr("there is no DEP name \"nobody\""));
  // The service has an account already.
  EXPECT_THAT(run_badly(fmt::format("mdmctl import nanodep {} -names School=twice", kStorage)),
              HasSubstr("another account already uses"));
  // Devices that wait are not handed over.
  depsim().add_fault({{"endpoint", "assign"}, {"count", 0}, {"status", 503}});
  depsim().add(2, "School");
  run("mdmctl sync -wait -account school");
  EXPECT_THAT(run_badly("mdmctl export nanodep -dsn nanodep -names school"),
              HasSubstr("wait for their profile; NanoDEP would not assign them"));
  EXPECT_EQ(run_well("mdmctl get dep-accounts -account school -o json | jq '.[0].paused'"), "false\n");
}

TEST_F(Handover, ProfilesThatDevicesHaveBecomeKnown) {
  arrive(4);
  depsyncer_runs();
  const auto other = old_->assign_by("School", "Lab iPads");
  depsim().add(2, "School");
  old_->sync("School");
  devices_ += 2;
  start_muster();
  run_well(fmt::format("mdmctl import nanodep {}", kStorage));
  ASSERT_TRUE(comes_true(
      [&] { return run("mdmctl get dep-devices -account School -o json | jq length").out == "6\n"; }));
  EXPECT_THAT(run_well("mdmctl import dep-profiles -account School -dry-run"),
              ContainsRegex(profiles_["School"] + " +Usual School +would be imported"));
  EXPECT_THAT(run_well("mdmctl import dep-profiles -account School"),
              ContainsRegex(profiles_["School"] + " +Usual School +1 +imported"));
  EXPECT_EQ(run_well("mdmctl import dep-profiles -account School"),
            "every profile that devices have is known already\n");
  EXPECT_THAT(run_well("mdmctl get dep-profiles -account School"), HasSubstr("Lab iPads"));
  EXPECT_EQ(other.size(), 32U);
}

}  // namespace
}  // namespace muster::test
