// The runs of a server that works all accounts.
#pragma once

#include "sync/lane_runner.h"
#include "sync/runs.h"

namespace muster::sync {

class OwnRuns final : public Runs {
 public:
  OwnRuns(Scheduler& scheduler, const LaneRunner& lane_runner)
      : scheduler_(scheduler), lane_runner_(lane_runner) {}

  Result<Ticket> request(AccountId account, bool full) override { return scheduler_.request(account, full); }
  Result<Outcome> await(AccountId account, Ticket ticket, std::chrono::milliseconds limit,
                        std::stop_token stop) override {
    const bool done = scheduler_.await(account, ticket, limit, std::move(stop));
    return Outcome{done, lane_runner_.report(account)};
  }
  void wake(AccountId account, Lane lane) override { scheduler_.wake(account, lane); }
  void restart(AccountId account) override { scheduler_.restart(account); }
  void retire(AccountId account) override { scheduler_.retire(account); }
  Result<std::map<AccountId, Progress>> progress(const std::set<AccountId>& others) override {
    std::map<AccountId, Progress> progress;
    for (const AccountId account : others) progress.emplace(account, progress_of(account));
    for (const AccountId account : scheduler_.running()) progress.emplace(account, progress_of(account));
    return progress;
  }
  Result<std::map<AccountId, Scheduler::Status>> statuses(const std::vector<Known>& accounts) override {
    std::map<AccountId, Scheduler::Status> statuses;
    for (const auto& known : accounts) statuses.emplace(known.account, scheduler_.status(known.account));
    return statuses;
  }
  Scheduler::Queue queue() const override { return scheduler_.queue(); }

 private:
  Progress progress_of(AccountId account) const {
    return {scheduler_.status(account).running_lanes(), lane_runner_.report(account)};
  }

  Scheduler& scheduler_;
  const LaneRunner& lane_runner_;
};

}  // namespace muster::sync
