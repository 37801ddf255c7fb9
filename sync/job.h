// The work of one account, from start to end: a run, then its assignments. What the scheduler calls.
#pragma once

#include <functional>
#include <map>
#include <stop_token>

#include "base/guarded.h"
#include "sync/run.h"
#include "sync/services.h"

namespace muster::sync {

struct JobOptions {
  Millis interval = std::chrono::minutes(2);  ///< between two runs of an account
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
};

class Job {
 public:
  Job(Store& store, Services& services, const Clock& clock, JobOptions options)
      : store_(store), services_(services), clock_(clock), options_(options) {}

  /// Does the account's work and gives when it is due next; nothing when it has no token, and so nothing to do until
  /// it is asked for. Failures are logged and recorded (RunRecord). `interrupted`: see work_assignments().
  std::optional<Time> operator()(AccountId account, std::stop_token stop,
                                 const std::function<bool()>& interrupted);

 private:
  Result<> work(const Account& account, std::stop_token stop, const std::function<bool()>& interrupted);
  Result<> learn_account(Account& account, apple::Service& service, std::stop_token stop);
  Result<> record(AccountId account, const Result<>& outcome);
  Time next_due(const Account& account, const Result<>& outcome);

  Store& store_;
  Services& services_;
  const Clock& clock_;
  const JobOptions options_;
  Guarded<std::map<AccountId, int>> failures_;  // in a row
};

}  // namespace muster::sync
