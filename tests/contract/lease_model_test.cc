// All states that two servers and two accounts can get into, by every order of steps.
#include "tests/contract/lease_model.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace muster::test {
namespace {

using Kind = LeaseStep::Kind;

struct Origin {
  LeaseState state;
  LeaseStep step;
};

// From no server and no worker.
const std::map<LeaseState, Origin>& all_states() {
  static const auto states = [] {
    LeaseState start;
    start.worker.fill(kNobody);
    std::map<LeaseState, Origin> found{{start, {start, {}}}};
    std::deque<LeaseState> left{start};
    while (!left.empty()) {
      const LeaseState state = left.front();
      left.pop_front();
      for (const auto& step : steps_from(state)) {
        const LeaseState next = after(state, step);
        if (found.emplace(next, Origin{state, step}).second) left.push_back(next);
      }
    }
    return found;
  }();
  return states;
}

std::string way_to(const LeaseState& state) {
  std::string text;
  for (auto at = all_states().find(state); at->second.state != at->first;
       at = all_states().find(at->second.state))
    text = "\n  " + text_of(at->second.step) + text;
  return text;
}

// Of one account at a time one server can write: two with a run that is current would be two writers with one
// epoch.
TEST(LeaseModel, NoTwoServersCanWriteAboutOneAccount) {
  EXPECT_GT(all_states().size(), 100u);
  for (const auto& [state, origin] : all_states())
    for (int account = 0; account < kModelAccounts; ++account) {
      int writers = 0;
      for (int server = 0; server < kModelServers; ++server)
        writers += is_stored(state, {Kind::write, server, account}) ? 1 : 0;
      EXPECT_LE(writers, 1) << way_to(state);
    }
}

// A worker that is replaced never writes again with what it knows.
TEST(LeaseModel, NothingIsStoredByAServerThatIsNotTheWorker) {
  for (const auto& [state, origin] : all_states())
    for (const auto& step : steps_from(state)) {
      if (!is_stored(state, step)) continue;
      EXPECT_EQ(state.worker[step.account], step.server) << way_to(state);
    }
}

// Whatever has happened: as soon as the servers that are there renew their right, and those that hold too
// much give it back, each account has a living worker, and nobody has more than a fair share.
TEST(LeaseModel, EveryAccountGetsAWorkerFromEveryState) {
  for (const auto& [state, origin] : all_states()) {
    for (int living = 1; living < 1 << kModelServers; ++living) {
      LeaseState now = state;
      int count = 0;
      for (int server = 0; server < kModelServers; ++server) {
        const bool lives = (living >> server & 1) != 0;
        count += lives ? 1 : 0;
        if (!lives && now.alive[server]) now = after(now, {Kind::expire, server});
        for (int account = 0; account < kModelAccounts; ++account)
          if (now.runs[server][account] != ModelRun::none) now = after(now, {Kind::end, server, account});
      }
      const int fair = (kModelAccounts + count - 1) / count;
      for (int round = 0; round < 3; ++round)
        for (int server = 0; server < kModelServers; ++server) {
          if ((living >> server & 1) == 0) continue;
          now = after(now, {Kind::renew, server});
          auto held = std::count(now.worker.begin(), now.worker.end(), server);
          for (int account = kModelAccounts - 1; account >= 0 && held > fair; --account) {
            if (now.worker[account] != server) continue;
            now = after(now, {Kind::release, server, account});
            --held;
          }
        }
      for (int account = 0; account < kModelAccounts; ++account) {
        const int worker = now.worker[account];
        ASSERT_TRUE(worker != kNobody && now.alive[worker]) << "living: " << living << way_to(state);
      }
      for (int server = 0; server < kModelServers; ++server)
        EXPECT_LE(std::count(now.worker.begin(), now.worker.end(), server), fair) << way_to(state);
    }
  }
}

}  // namespace
}  // namespace muster::test
