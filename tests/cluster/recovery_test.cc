// Point-in-time recovery: the servers go on from what the database was earlier, and Apple is ahead of it.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/cluster/servers.h"
#include "tests/support/postgres_parts.h"

namespace muster::test {
namespace {

struct HasCluster {
  ArchivedCluster cluster_;
};

class Recovery : private HasCluster, public Servers {
 protected:
  Recovery() : Servers(cluster_.url()) {}

  void stop_all() {
    for (const auto& server : servers_) {
      server->send_signal(SIGTERM);
      EXPECT_EQ(server->wait_exit(kDeadline), 0);
      inspect_log_of(*server);
    }
    servers_.clear();
  }
  // Devices that the database has.
  long long stored() {
    return std::stoll(PostgresCluster::query(url_, "SELECT count(*) FROM device WHERE tombstone_at IS NULL"));
  }

  using HasCluster::cluster_;
};

TEST_F(Recovery, NothingIsLostOrWrongAndOnlyWhatIsNotRememberedIsAssignedAgain) {
  start(2);
  add_accounts();
  const auto baseline = stored();
  add_devices(5);
  ASSERT_TRUE(are_assigned(5 * kAccounts));
  cluster_.make_base_backup();
  // At the moment, the devices of one account wait for Apple.
  depsim().add_fault({{"endpoint", "assign"}, {"account", "a1"}, {"status", 500}, {"count", 0}});
  add_devices(3);
  ASSERT_TRUE(are_assigned(8 * kAccounts - 3));
  const auto waiting = "SELECT count(*) FROM assignment JOIN account a ON a.id = account WHERE a.name = 'a1'";
  ASSERT_TRUE(eventually([&] { return PostgresCluster::query(url_, waiting) == "3\n"; }));
  const auto moment = cluster_.moment();
  depsim().remove("/control/faults");
  // What comes behind the moment is not in the database that is recovered.
  ask(0, "POST", "/v1/dep/syncnow?wait=60&account=a1");
  add_devices(4);
  ASSERT_TRUE(are_assigned(12 * kAccounts));
  cluster_.archive_all();
  stop_all();

  cluster_.recover(moment);
  url_ = cluster_.url();
  ASSERT_EQ(stored(), baseline + 8 * kAccounts);
  depsim().remove("/control/calls");
  add_devices(2);
  start(2);
  EXPECT_TRUE(are_assigned(14 * kAccounts));
  EXPECT_TRUE(eventually([&] { return stored() == baseline + 14 * kAccounts; }));
  for (const auto& name : names_) ask(0, "POST", "/v1/dep/syncnow?wait=60&account=" + name);
  // Apple shows them as they were when they came.
  EXPECT_LE(repeated(), 3u + 4u * kAccounts) << "those that waited, and those that came since";
}

}  // namespace
}  // namespace muster::test
