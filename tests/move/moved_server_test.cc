// `muster move` by an operator: what it prints, and a server that goes on where another one stopped.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class MovedServer : public World {
 protected:
  // What people see of the account.
  std::string shown() const {
    std::string all;
    for (const char* const command : {"mdmctl get devices", "mdmctl get config", "mdmctl get dep-profiles"})
      all += run_well(command);
    for (const auto& serial : serials_) all += run_well("mdmctl explain -serial " + serial);
    return all;
  }
  void expect_nothing_again(const std::string& profile, const std::string& before) {
    const auto assigned = depsim().assigned();
    sync_now();
    await_idle();
    EXPECT_EQ(shown(), before);
    EXPECT_EQ(depsim().assigned().serials, assigned.serials) << "a device was assigned again";
    // And what comes now arrives.
    const auto arrived = depsim().add(1);
    sync_now();
    EXPECT_TRUE(comes_true([&] { return depsim().profile_of(arrived[0]) == profile; }));
    await_idle();
    EXPECT_EQ(depsim().assigned().serials, assigned.serials + 1);
    serials_.push_back(arrived[0]);
  }

  Serials serials_;
};

TEST_F(MovedServer, GoesOn) {
  start_depsim({"-devices", "20"});
  start_muster();
  await_baseline(20);
  const auto profile = define_profile("*");
  serials_ = depsim().add(3);
  sync_now();
  await_assigned(3, profile);
  await_idle();
  auto before = shown();
  EXPECT_THAT(before, HasSubstr(profile));
  EXPECT_THAT(run_badly("muster move -from data -to " + PostgresCluster::shared().new_database()),
              AllOf(HasSubstr("in use"), HasSubstr("Stop it")));
  kill_muster();  // what it wrote last is in the log only

  const auto url = PostgresCluster::shared().new_database();
  EXPECT_THAT(run_well("muster move -from data -to '" + url + "'"),
              AllOf(ContainsRegex("\ndevice +23 +23  ([0-9a-f]{16})  [0-9a-f]{16}\n"),
                    HasSubstr("Both sides are equal."), Not(HasSubstr("DIFFERENT"))));
  const std::string key = data() + "/master.key";  // the move needs none, and the server the same as before
  start_muster({"-database", url, "-master-key-file", key});
  EXPECT_THAT(run_badly("muster move -from '" + url + "' -to back"),
              AllOf(HasSubstr("is running on the database"), HasSubstr("Stop all servers")));
  expect_nothing_again(profile, before);
  before = shown();
  stop_muster();

  EXPECT_THAT(run_well("muster move -from '" + url + "' -to back"),
              ContainsRegex("\ndevice +24 +24  [0-9a-f]{16}  [0-9a-f]{16}\n"));
  EXPECT_THAT(run_badly("muster serve -api-key $APIKEY -tls=false -http-addr 127.0.0.1:0 -config-path back"),
              HasSubstr("sealed with the master key"));
  start_muster({"-config-path", path("back"), "-master-key-file", key});
  expect_nothing_again(profile, before);
}

TEST_F(MovedServer, NeedsTwoEnds) {
  EXPECT_THAT(run_well("muster move -help"), AllOf(HasSubstr("-from source"), HasSubstr("-to target")));
  EXPECT_THAT(run_badly("muster move -to data"), HasSubstr("-from is missing"));
  EXPECT_THAT(run_badly("muster move -from data"), HasSubstr("-to is missing"));
  EXPECT_THAT(run_badly("muster move -from data -to other"),
              AllOf(HasSubstr("both data directories"), HasSubstr("mdmctl backup")));
  EXPECT_THAT(run_badly("muster move -from postgresql:///a -to postgresql:///b"),
              AllOf(HasSubstr("both PostgreSQL databases"), HasSubstr("pg_dump")));
  EXPECT_THAT(run_badly("muster move -from data -to 'postgresql://u:secret%@h/n'"),
              AllOf(HasSubstr("libpq cannot read it"), Not(HasSubstr("secret"))));
  EXPECT_THAT(run_badly("muster move -from data -to 'postgresql:///none?host=/nowhere'"),
              HasSubstr("there is no muster.db in data"));
}

}  // namespace
}  // namespace muster::test
