// PostgreSQL takes each step of the model as the model does, from every state of it in which the database
// differs.
#include <gtest/gtest.h>

#include <set>

#include "store/postgres/open.h"
#include "tests/contract/lease_model.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using Kind = LeaseStep::Kind;

constexpr Millis kLease = 1h;

class LeaseConformance : public testing::Test {
 protected:
  LeaseConformance() {
    store_ = *postgres::open({.url = url_, .keyring = test_keyring()});
    for (const char* name : {"a", "b"})
      accounts_.push_back(
          *store_->write(installation, [&](Writer& w) { return w.create_account(AccountName(name)); }));
    for (const char* name : {"one", "two"}) servers_.push_back(*shared().join(name, "1", kLease));
  }

  SharedStore& shared() { return *store_->shared(); }

  // Makes the database what the state says, and begins its runs.
  void set(const LeaseState& state) {
    std::string sql = "DELETE FROM server;";
    for (int server = 0; server < kModelServers; ++server)
      sql += "INSERT INTO server (id, name, version, started, renewed, alive_until) VALUES (" +
             number(servers_[server]) + ", 'x', '1', now(), now(), clock_timestamp() " +
             (state.alive[server] ? "+" : "-") + " interval '1 hour');";
    for (int account = 0; account < kModelAccounts; ++account) {
      const int worker = state.worker[account];
      sql +=
          "UPDATE account SET epoch = 10, worker = " + (worker == kNobody ? "0" : number(servers_[worker])) +
          " WHERE id = " + number(accounts_[account]) + ";";
    }
    session_.query(sql);
    for (int account = 0; account < kModelAccounts; ++account)
      for (int server = 0; server < kModelServers; ++server) {
        Account& run = runs_[server][account] = account_of(account);
        if (state.runs[server][account] == ModelRun::stale) --run.epoch;
      }
  }

  // What the database is, for the parts of a state that are in it.
  LeaseState get(LeaseState state) {
    const auto known = *shared().servers();
    for (int server = 0; server < kModelServers; ++server) {
      state.alive[server] = false;
      for (const auto& each : known)
        if (each.id == servers_[server]) state.alive[server] = each.is_alive;
    }
    for (int account = 0; account < kModelAccounts; ++account) {
      const auto now = account_of(account);
      state.worker[account] = kNobody;
      for (int server = 0; server < kModelServers; ++server) {
        if (now.worker == servers_[server]) state.worker[account] = server;
        auto& run = state.runs[server][account];
        if (run != ModelRun::none)
          run = runs_[server][account].epoch == now.epoch ? ModelRun::current : ModelRun::stale;
      }
    }
    return state;
  }

  bool take(const LeaseStep& step) {
    const ServerId server = servers_[step.server];
    const AccountId account = accounts_[step.account];
    switch (step.kind) {
      case Kind::renew: EXPECT_TRUE(shared().renew(server, kLease, false)); break;
      case Kind::leave: EXPECT_TRUE(shared().leave(server)); break;
      case Kind::release: EXPECT_TRUE(shared().release(server, std::span(&account, 1))); break;
      case Kind::expire:
        session_.query("UPDATE server SET alive_until = clock_timestamp() WHERE id = " + number(server));
        break;
      case Kind::begin: runs_[step.server][step.account] = account_of(step.account); break;
      case Kind::write:
        return store_
            ->write(WriteScope::of_run(runs_[step.server][step.account]),
                    [&](Writer& w) { return w.put_base_url(account, ""); })
            .has_value();
      case Kind::end: break;
    }
    return false;
  }

  Account account_of(int account) {
    return **store_->read([&](Reader& r) { return r.account(accounts_[account]); });
  }
  template <class Id>
  static std::string number(Id id) {
    return std::to_string(static_cast<long long>(id));
  }

  const std::string url_ = PostgresCluster::shared().new_database();
  PostgresSession session_{url_};
  std::unique_ptr<Store> store_;
  std::vector<AccountId> accounts_;
  std::vector<ServerId> servers_;
  Account runs_[kModelServers][kModelAccounts];
};

TEST_F(LeaseConformance, PostgresTakesEachStepAsTheModelDoes) {
  int steps = 0;
  for (int alive = 0; alive < 4; ++alive)
    for (int first = kNobody; first < kModelServers; ++first)
      for (int second = kNobody; second < kModelServers; ++second)
        for (const auto run : {ModelRun::none, ModelRun::current, ModelRun::stale}) {
          LeaseState state;
          state.alive = {(alive & 1) != 0, (alive & 2) != 0};
          state.worker = {first, second};
          // A current run is its worker's.
          if (run == ModelRun::current && first == kNobody) continue;
          state.runs[first == kNobody ? 0 : static_cast<size_t>(first)][0] = run;
          for (const auto& step : steps_from(state)) {
            set(state);
            EXPECT_EQ(take(step), is_stored(state, step)) << text_of(step);
            LeaseState expected = after(state, step);
            // A refused write ends the run in the server's memory, of which the database knows nothing.
            if (step.kind == Kind::write) expected.runs = state.runs;
            EXPECT_EQ(get(expected), expected)
                << text_of(step) << ", alive " << alive << ", workers " << first << " and " << second;
            ++steps;
          }
        }
  EXPECT_GT(steps, 500);
}

}  // namespace
}  // namespace muster::test
