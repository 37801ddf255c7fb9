// Requests runs of accounts, and shows how far they are, wherever the accounts are worked.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <vector>

#include "sync/accounts/report.h"
#include "sync/scheduler.h"

namespace muster::sync {

class Runs {
 public:
  virtual ~Runs() = default;

  /// Identifies the runs that start after a request.
  using Ticket = std::uint64_t;
  /// An operator's request: see Scheduler::request().
  virtual Result<Ticket> request(AccountId account, bool full) = 0;

  struct Outcome {
    bool done = false;
    Report report;
  };
  /// Waits until the runs of the ticket have ended and the account is idle, up to `limit` of real time.
  virtual Result<Outcome> await(AccountId account, Ticket ticket, std::chrono::milliseconds limit,
                                std::stop_token stop) = 0;

  /// Work was created for a lane: see Scheduler::wake().
  virtual void wake(AccountId account, Lane lane) = 0;
  /// The account was created or changed: see Scheduler::restart().
  virtual void restart(AccountId account) = 0;
  /// The account was removed: see Scheduler::retire().
  virtual void retire(AccountId account) = 0;

  /// An account that has a token and is not paused, and when it was worked last.
  struct Known {
    AccountId account{};
    bool is_worked = false;  ///< it has a token and is not paused
    std::optional<Time> last_attempt;
  };
  /// How far the runs of an account are. No lanes: it is idle, and the report is of its last sync.
  struct Progress {
    std::vector<Lane> lanes;  ///< that run
    Report report;
  };
  /// Of the accounts that have runs in progress, and of `others` as far as their last sync is known.
  virtual Result<std::map<AccountId, Progress>> progress(const std::set<AccountId>& others) = 0;

  virtual Result<std::map<AccountId, Scheduler::Status>> statuses(const std::vector<Known>& accounts) = 0;

  /// Of this server only.
  virtual Scheduler::Queue queue() const = 0;
};

}  // namespace muster::sync
