// What servers on one database do about a newer schema, and about a machine whose clock is wrong.
#include <gmock/gmock.h>

#include "tests/cluster/servers.h"
#include "tests/support/places.h"
#include "tests/support/postgres_parts.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

class ClusterTrouble : public Servers {};

struct HasSmallCluster {
  std::optional<SmallCluster> small_;
};

class FullDatabaseDisk : private HasSmallCluster, public Servers {
 protected:
  FullDatabaseDisk() : Servers(SmallCluster::can_be_made() ? small_.emplace().url() : "") {}
  void SetUp() override {
    if (!small_) GTEST_SKIP() << "no file system can be mounted here";
    Servers::SetUp();
  }
  void TearDown() override {
    if (small_) Servers::TearDown();
  }
  long long failed_writes() {
    return std::stoll(PostgresCluster::administer(
        url_, "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"));
  }

  using HasSmallCluster::small_;
};

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

// There is room for what runs write of themselves, and none for what Apple answers. Each list asks for its
// page at most twice, and the second answer is kept until it can be stored.
TEST_F(FullDatabaseDisk, HoldsAnswersBackAndIsNoStormAtApple) {
  start(1);
  add_accounts();
  const auto calls = depsim().all_calls();
  small_->fill(200'000);
  add_devices(1000);
  const auto trouble = servers_[0]->await("store.trouble");
  EXPECT_THAT(trouble.field("reason"), HasSubstr("No space left on device"));
  EXPECT_THAT(trouble.field("reason"), HasSubstr("Free some space on the disk of the database server"));
  ASSERT_TRUE(eventually([&] { return servers_[0]->events("sync.failed").size() >= kAccounts; }, 60s));
  const auto failed = failed_writes();
  ASSERT_TRUE(eventually([&] { return failed_writes() >= failed + 5 * kAccounts; }, 60s)) << "they try again";
  const auto all_wait = servers_[0]->mark();
  EXPECT_LE(depsim().all_calls() - calls, 6 * kAccounts);
  small_->empty();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(are_assigned(1000 * kAccounts));
  const auto took = std::chrono::steady_clock::now() - begin;
  RecordProperty("milliseconds_until_assigned",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_EQ(depsim().assigned().serials, 1000 * kAccounts) << "none of them twice";
  servers_[0]->await("store.recovered", all_wait);
  EXPECT_TRUE(servers_[0]->events("store.trouble", all_wait).empty())
      << "it is one, however much else is stored";
}

}  // namespace
}  // namespace muster::test
