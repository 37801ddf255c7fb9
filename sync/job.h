// The work of one account, from start to end: a run, its assignments, and the full list when that is due. What the
// scheduler calls.
#pragma once

#include <map>
#include <optional>

#include "base/guarded.h"
#include "sync/assignments.h"
#include "sync/run.h"
#include "sync/scheduler.h"
#include "sync/services.h"
#include "sync/webhook.h"

namespace muster::sync {

struct JobOptions {
  Millis interval = std::chrono::minutes(2);           ///< between two runs of an account
  Millis reconcile_interval = std::chrono::hours(24);  ///< between two full lists
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  Webhook* webhook = nullptr;  ///< told how accounts stand; null for nobody
};

/// What a turn did so far, or did.
struct JobReport {
  RunReport seen = {};
  WorkReport done = {};
  long long waiting = 0;            ///< assignments not done at the end, whatever they wait for
  std::optional<Error> error = {};  ///< why it ended early
};

class Job {
 public:
  Job(Store& store, Services& services, const Clock& clock, JobOptions options)
      : store_(store), services_(services), clock_(clock), options_(options) {}

  /// Does the account's work and gives when it is due next; nothing when it has no token or is paused, and so nothing
  /// to do until it is asked for, and when it was removed: then what is left of it is erased. Failures are logged and recorded (RunRecord, Health).
  std::optional<Time> operator()(AccountId account, const Turn& turn);

  /// Of the account's present turn, or its last one.
  JobReport report(AccountId account) const;

 private:
  std::optional<Time> erase(AccountId account, std::stop_token stop);
  Result<> work(const Account& account, const Turn& turn, bool run_is_due);
  Result<> backfill(const RunContext& context, const Turn& turn, const std::function<Result<>()>& assign);
  Result<bool> is_backfilling(AccountId account);
  Result<> learn_account(Account& account, apple::Service& service, std::stop_token stop);
  Result<Health> record(const Account& account, const Health& before, const Result<>& outcome);
  std::optional<Time> next_run(AccountId account) const;
  Time next_due(const Account& account, const Health& health, const Result<>& outcome);
  void set_report(AccountId account, JobReport report);

  Store& store_;
  Services& services_;
  const Clock& clock_;
  const JobOptions options_;
  Guarded<std::map<AccountId, Time>> next_runs_;  // none: the next turn begins with a run
  Guarded<std::map<AccountId, JobReport>> reports_;
};

}  // namespace muster::sync
