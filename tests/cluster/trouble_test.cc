// What servers on one database do about a newer schema, and about a machine whose clock is wrong.
#include <gmock/gmock.h>

#include "tests/cluster/servers.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

class ClusterTrouble : public Servers {};

// While servers are upgraded one after the other, those of the old version give their accounts up.
TEST_F(ClusterTrouble, AServerStopsWorkingWhenANewerOneChangesTheSchema) {
  start(1);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", kAccounts}}));
  const auto version = PostgresCluster::query(url_, "SELECT version FROM muster_schema");
  PostgresCluster::query(url_, "UPDATE muster_schema SET version = 99");
  EXPECT_THAT(servers_[0]->await("cluster.failed").field("reason"),
              HasSubstr("It was written by a newer muster"));
  servers_[0]->await("cluster.lost");
  const auto calls = depsim().all_calls();
  add_devices(1);
  EXPECT_EQ(try_to(0, "GET", "/readyz").first, 503);
  // The new version is taken back.
  PostgresCluster::query(url_, "UPDATE muster_schema SET version = " + version);
  EXPECT_LE(depsim().all_calls() - calls, kAccounts) << "of runs that had begun";
  EXPECT_TRUE(are_assigned(kAccounts));
  EXPECT_EQ(try_to(0, "GET", "/readyz").first, 200);
}

// Apple refuses calls whose time is wrong, and devices are dated: all servers go by the database's clock.
TEST_F(ClusterTrouble, AServerWhoseClockIsTenMinutesOffWorksByTheDatabases) {
  start(1, {}, {{"LD_PRELOAD", test::binary("tests/libmuster_wrong_clock.so")}});
  const auto said = servers_[0]->await("cluster.clock_differs");
  EXPECT_NEAR(static_cast<double>(said.number("ahead")), 600'000, 10'000);
  EXPECT_THAT(said.field("remedy"), HasSubstr("Synchronize this machine's clock"));
  add_accounts();
  add_devices(2);
  EXPECT_TRUE(are_assigned(2 * kAccounts));
  EXPECT_EQ(PostgresCluster::query(
                url_,
                "SELECT count(*) FROM device WHERE abs(first_seen - extract(epoch FROM now()) * 1000) "
                "> 120000"),
            "0\n");
}

}  // namespace
}  // namespace muster::test
