#include "tests/contract/lease_model.h"

#include <algorithm>
#include <utility>

namespace muster::test {
namespace {

using Kind = LeaseStep::Kind;

bool is_free(const LeaseState& state, int account) {
  const int worker = state.worker[account];
  return worker == kNobody || !state.alive[worker];
}

// Another epoch: what any run knew is old.
void change_worker(LeaseState& state, int account, int server) {
  state.worker[account] = server;
  for (auto& runs : state.runs)
    if (runs[account] == ModelRun::current) runs[account] = ModelRun::stale;
}

void renew(LeaseState& state, int server) {
  state.alive[server] = true;
  const auto alive = std::count(state.alive.begin(), state.alive.end(), true);
  const auto fair = (kModelAccounts + alive - 1) / alive;
  auto held = std::count(state.worker.begin(), state.worker.end(), server);
  for (int account = 0; account < kModelAccounts && held < fair; ++account) {
    if (!is_free(state, account)) continue;
    change_worker(state, account, server);
    ++held;
  }
}

}  // namespace

std::string text_of(const LeaseStep& step) {
  static constexpr const char* kNames[] = {"renew", "expire", "leave", "release", "begin", "write", "end"};
  return std::string(kNames[static_cast<int>(step.kind)]) + " of server " + std::to_string(step.server) +
         ", account " + std::to_string(step.account);
}

std::vector<LeaseStep> steps_from(const LeaseState& state) {
  std::vector<LeaseStep> steps;
  for (int server = 0; server < kModelServers; ++server) {
    steps.push_back({Kind::renew, server});
    if (state.alive[server]) steps.push_back({Kind::expire, server});
    const auto& runs = state.runs[server];
    const bool is_idle =
        std::all_of(runs.begin(), runs.end(), [](auto run) { return run == ModelRun::none; });
    if (state.alive[server] && is_idle) steps.push_back({Kind::leave, server});
    for (int account = 0; account < kModelAccounts; ++account) {
      const bool has_run = runs[account] != ModelRun::none;
      if (has_run) steps.push_back({Kind::write, server, account});
      if (has_run) steps.push_back({Kind::end, server, account});
      // Also when its right has ended: a server that was suspended does not know.
      if (!has_run && state.worker[account] == server) steps.push_back({Kind::begin, server, account});
      if (!has_run && state.worker[account] == server) steps.push_back({Kind::release, server, account});
    }
  }
  return steps;
}

bool is_stored(const LeaseState& state, const LeaseStep& step) {
  return step.kind == Kind::write && state.runs[step.server][step.account] == ModelRun::current;
}

LeaseState after(LeaseState state, const LeaseStep& step) {
  auto& run = state.runs[step.server][step.account];
  switch (step.kind) {
    case Kind::renew: renew(state, step.server); break;
    case Kind::expire:
    case Kind::leave: state.alive[step.server] = false; break;
    case Kind::release: state.worker[step.account] = kNobody; break;
    case Kind::begin: run = ModelRun::current; break;
    case Kind::write:
      if (run == ModelRun::stale) run = ModelRun::none;  // refused: the run ends
      break;
    case Kind::end: run = ModelRun::none; break;
  }
  return state;
}

}  // namespace muster::test
