// The server is killed in the middle of the main job, at every kind of moment; after a restart the same
// devices end with the same profile. The first moments are exact, because depsim holds the call that the
// server is waiting for; the others are as soon as the log shows something, while the server continues.
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

constexpr long long kBaseline = 5000;
constexpr long long kArrivals = 2500;

struct Moment {
  const char* name = "";
  // What depsim holds; "" for nothing.
  const char* endpoint = "";
  const char* when = "before";
  int skip = 0;
  // What the log must show before the kill: so many lines of an event.
  const char* event = "";
  size_t lines = 0;

  bool is_exact() const { return *endpoint; }
};

void PrintTo(const Moment& moment, std::ostream* out) { *out << moment.name; }

class Crash : public World, public testing::WithParamInterface<Moment> {
 protected:
  void start_world() {
    start_depsim({"-devices", std::to_string(kBaseline)});
    start_muster();
    await_baseline(kBaseline);
    uuid_ = define_profile("*");
    before_ = depsim().serials();
    depsim().add(kArrivals);
  }

  void hold(const Moment& moment) {
    if (moment.is_exact()) depsim().hold(moment.endpoint, moment.when, moment.skip);
  }

  // mark: where in the log the moment is looked for
  void kill_at(const Moment& moment, size_t mark) {
    const bool came = comes_true([&] {
      return muster().events(moment.event, mark).size() >= moment.lines && depsim().faults_are_used_up();
    });
    ASSERT_TRUE(came) << muster().output();
    kill_muster();
  }

  void expect_the_usual_end() {
    await_assigned(kArrivals, uuid_);
    auto profiles = depsim().profiles();
    EXPECT_EQ(profiles.size(), static_cast<size_t>(kBaseline + kArrivals));
    for (const auto& serial : before_) {
      EXPECT_EQ(profiles[serial], "") << serial << " was there before";
      profiles.erase(serial);
    }
    for (const auto& [serial, profile] : profiles) EXPECT_EQ(profile, uuid_) << serial;
    sync_now();
    muster().await("sync.done", 0, [](const LogLine& line) { return line.number("waiting") == 0; });
    const auto known = run_well("mdmctl get dep-devices -o csv | grep -c 'assigned," + uuid_ + "'");
    EXPECT_EQ(known, std::to_string(kArrivals) + "\n");
    EXPECT_EQ(depsim().calls("POST /server/devices"), 5) << "the baseline is read once";
  }

  std::string uuid_;
  Serials before_;
};

TEST_P(Crash, EndsTheSame) {
  const Moment& moment = GetParam();
  start_world();
  hold(moment);
  const size_t mark = muster().mark();
  sync_now();
  kill_at(moment, mark);
  start_muster();
  expect_the_usual_end();

  const auto assigned = depsim().assigned();
  EXPECT_LE(assigned.calls, 4);
  if (moment.is_exact()) {
    EXPECT_EQ(assigned.successes, kArrivals) << "nothing is sent twice";
  } else {  // Apple may still work on the call that was cut when the new server asks
    EXPECT_LE(assigned.successes, kArrivals + 1000);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Moments, Crash,
    testing::Values(
        Moment{.name = "BeforeTheFirstPage", .endpoint = "sync"},
        Moment{.name = "AfterTheSecondPage", .endpoint = "sync", .skip = 2, .event = "sync.page", .lines = 2},
        Moment{.name = "FirstAssignCallWithoutEffect", .endpoint = "assign"},
        Moment{.name = "FirstAssignCallWithEffect", .endpoint = "assign", .when = "after"},
        Moment{.name = "SecondAssignCallWithoutEffect", .endpoint = "assign", .skip = 1},
        Moment{.name = "SecondAssignCallWithEffect", .endpoint = "assign", .when = "after", .skip = 1},
        Moment{.name = "LastAssignCallWithEffect", .endpoint = "assign", .when = "after", .skip = 2},
        Moment{.name = "ReadingBack", .endpoint = "details"},
        Moment{.name = "ReadingBackTheSecondThousand", .endpoint = "details", .skip = 1},
        Moment{.name = "AsSoonAsAPageIsStored", .event = "sync.page", .lines = 1},
        Moment{.name = "AsSoonAsTwoPagesAreStored", .event = "sync.page", .lines = 2},
        Moment{.name = "AsSoonAsACallIsAnswered", .event = "assign.answered", .lines = 1},
        Moment{.name = "AsSoonAsTwoCallsAreAnswered", .event = "assign.answered", .lines = 2}),
    [](const auto& tested) { return std::string(tested.param.name); });

using Crashes = Crash;

// A server that starts does a run at once, so each moment is held before the start.
TEST_F(Crashes, AtEveryStepInTurnEndTheSame) {
  start_world();
  kill_muster();
  for (const Moment& moment :
       {Moment{.endpoint = "sync", .skip = 1, .event = "sync.page", .lines = 1}, Moment{.endpoint = "assign"},
        Moment{.endpoint = "assign", .when = "after"}, Moment{.endpoint = "details"}}) {
    hold(moment);
    start_muster();
    kill_at(moment, 0);
  }
  start_muster();
  expect_the_usual_end();
  EXPECT_EQ(depsim().assigned().successes, kArrivals) << "nothing is sent twice";
}

using CrashInTheBaseline = World;

TEST_F(CrashInTheBaseline, GoesOnWhereItStopped) {
  start_depsim({"-devices", std::to_string(kBaseline)});
  depsim().hold("fetch", "before", 3);
  start_muster();
  ASSERT_TRUE(
      comes_true([&] { return muster().events("sync.page").size() == 3 && depsim().faults_are_used_up(); }));
  kill_muster();

  start_muster();
  await_baseline(2000);
  EXPECT_EQ(depsim().calls("POST /server/devices"), 5) << "what was stored is not asked for again";
  EXPECT_EQ(run_well("mdmctl get dep-devices -o csv | tail -n +2 | wc -l"), std::to_string(kBaseline) + "\n");
  const auto uuid = define_profile("*");
  depsim().add(10);
  sync_now();
  await_assigned(10, uuid);
  EXPECT_EQ(depsim().assigned().serials, 10);
}

}  // namespace
}  // namespace muster::test
