// The runs of all servers of a database: what this one works is asked of its scheduler, and everything else
// of the others.
#pragma once

#include "sync/cluster/member.h"
#include "sync/cluster/run_text.h"
#include "sync/runs.h"

namespace muster::sync {

class SharedRuns final : public Runs {
 public:
  /// `interval`: between two reads of the list of changes.
  SharedRuns(SharedStore& store, Member& member, Scheduler& scheduler, const Clock& clock, Millis interval)
      : store_(store), member_(member), scheduler_(scheduler), clock_(clock), interval_(interval) {}

  /// Its ticket is good at every server.
  Result<Ticket> request(AccountId account, bool full) override;
  Result<Outcome> await(AccountId account, Ticket ticket, std::chrono::milliseconds limit,
                        std::stop_token stop) override;
  void wake(AccountId account, Lane lane) override;
  void restart(AccountId account) override;
  void retire(AccountId account) override;
  Result<std::map<AccountId, Progress>> progress(const std::set<AccountId>& others) override;
  Result<std::map<AccountId, Scheduler::Status>> statuses(const std::vector<Known>& accounts) override;
  Scheduler::Queue queue() const override { return scheduler_.queue(); }

 private:
  static Scheduler::Status running_elsewhere(const Runs::Progress& text);
  Scheduler::Status due_elsewhere(const Known& known, bool is_free) const;
  void ask(AccountId account, WorkRequest::Kind kind);

  SharedStore& store_;
  Member& member_;
  Scheduler& scheduler_;
  const Clock& clock_;
  const Millis interval_;
};

}  // namespace muster::sync
