// The accounts that servers share, as a model small enough to look at all of its states
// (lease_model_test.cc), and the same steps taken in PostgreSQL (lease_conformance_test.cc).
//
// What is modelled is store/postgres/schema/servers.sql and WriteScope::of_run(): who is alive, who works
// which account, and what each server's run of an account knows. Epochs are modelled as what matters of them:
// whether a run's is current.
#pragma once

#include <array>
#include <compare>
#include <string>
#include <vector>

namespace muster::test {

constexpr int kModelServers = 2, kModelAccounts = 2;
constexpr int kNobody = -1;

/// What a server's run of an account knows of it.
enum class ModelRun { none, current, stale };

struct LeaseState {
  std::array<bool, kModelServers> alive{};   ///< its right has not ended
  std::array<int, kModelAccounts> worker{};  ///< kNobody, or a server that may be dead
  std::array<std::array<ModelRun, kModelAccounts>, kModelServers> runs{};

  auto operator<=>(const LeaseState&) const = default;
};

struct LeaseStep {
  enum class Kind {
    renew,    ///< the server renews its right, and takes up to its fair share
    expire,   ///< its right ends: it is dead, suspended or cut off; its runs may go on
    leave,    ///< it ends as asked: its runs have ended
    release,  ///< it gives an account back: its run has ended
    begin,    ///< a run begins: it reads the account
    write,    ///< the run writes
    end,      ///< the run ends
  };
  Kind kind{};
  int server = 0;
  int account = 0;
};

std::string text_of(const LeaseStep& step);

/// All steps that can be taken.
std::vector<LeaseStep> steps_from(const LeaseState& state);

/// Whether the write of such a step is stored. False for other steps.
bool is_stored(const LeaseState& state, const LeaseStep& step);

LeaseState after(LeaseState state, const LeaseStep& step);

}  // namespace muster::test
