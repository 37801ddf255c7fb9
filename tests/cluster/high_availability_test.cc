// The database server dies: a synchronous standby takes its place, or it comes back itself.
#include <gmock/gmock.h>

#include <future>

#include "tests/cluster/servers.h"
#include "tests/support/postgres_parts.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

struct HasPair {
  PostgresPair pair_;
};

class HighAvailability : private HasPair, public Servers {
 protected:
  HighAvailability() : Servers(pair_.url()) { expect_internal_errors(); }

  void start_two() {
    start(2);
    add_accounts();
    ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  }
  // How long a call that writes is not answered well from now on, at all servers.
  std::chrono::milliseconds await_writes() {
    const auto begin = std::chrono::steady_clock::now();
    for (size_t i = 0; i < servers_.size(); ++i)
      EXPECT_TRUE(eventually([&] { return try_to(i, "POST", "/v1/dep/syncnow?wait=0").first == 200; }));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  }
  bool all_say(std::string_view event, const std::vector<size_t>& marks) {
    return eventually([&] {
      for (size_t i = 0; i < servers_.size(); ++i)
        if (servers_[i]->events(event, marks[i]).empty()) return false;
      return true;
    });
  }
  std::vector<size_t> marks() {
    std::vector<size_t> marks;
    for (const auto& server : servers_) marks.push_back(server->mark());
    return marks;
  }

  using HasPair::pair_;
};

TEST_F(HighAvailability, WorkGoesOnAtTheStandbyThatIsPromoted) {
  start_two();
  add_devices(10);
  (void)try_to(0, "POST", "/v1/dep/syncnow?wait=0&account=a1");
  pair_.kill_primary();  // while they are found and assigned
  const auto [status, text] = try_to(1, "POST", "/v1/dep/syncnow?wait=0");
  EXPECT_EQ(status, 507);
  EXPECT_THAT(text, HasSubstr("promote a standby"));
  pair_.promote();
  RecordProperty("milliseconds_until_writes", static_cast<int>(await_writes().count()));
  EXPECT_TRUE(are_assigned(10 * kAccounts));
  EXPECT_EQ(depsim().assigned().serials, 10 * kAccounts) << "none of them twice";
}

// What was answered well is on both.
TEST_F(HighAvailability, AWriteWaitsForTheStandby) {
  start(1);
  add_accounts();
  pair_.kill_standby();
  auto put = std::async(std::launch::async, [&] {
    return try_to(0, "PUT", "/api/v1/lists/lab", R"({"csv": "C02ABCDEFGH1\n"})");
  });
  const auto waiting = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
  EXPECT_TRUE(eventually([&] { return PostgresCluster::administer(url_, waiting) == "t\n"; }));
  EXPECT_EQ(put.wait_for(0s), std::future_status::timeout);
  pair_.boot_standby();
  EXPECT_EQ(put.get().first, 200);
}

// Runs that fail wait for a moment only, and Apple is not called for what cannot be stored.
TEST_F(HighAvailability, WorkGoesOnWhenTheDatabaseIsBackWithoutAStormAtApple) {
  start_two();
  long long devices = 0;
  for (const std::string_view until : {"cluster.failed", "cluster.lost"}) {
    const auto since = marks();
    const auto before = depsim().all_calls();
    pair_.kill_primary();
    ASSERT_TRUE(all_say(until, since));
    add_devices(1);
    devices += kAccounts;
    const auto calls = depsim().all_calls();
    EXPECT_LE(calls - before, 2 * kAccounts) << "those of runs that had begun";
    pair_.boot_primary();
    RecordProperty("milliseconds_until_writes", static_cast<int>(await_writes().count()));
    EXPECT_TRUE(are_assigned(devices));
    // A session, the changes, whatever else is due, one assign call and its confirmation for each account.
    EXPECT_LE(depsim().all_calls() - calls, 8 * kAccounts);
  }
  EXPECT_EQ(depsim().assigned().serials, devices) << "none of them twice";
}

}  // namespace
}  // namespace muster::test
