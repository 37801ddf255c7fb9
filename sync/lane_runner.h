// Executes a run of a lane, and decides what its outcome means for the lane, for the account and for the
// other lanes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/guarded.h"
#include "sync/accounts/services.h"
#include "sync/patient_runs.h"
#include "sync/run/lanes.h"
#include "sync/scheduler.h"
#include "sync/webhook.h"

namespace muster::sync {

struct LaneRunnerOptions {
  std::stop_token ends = {};                           ///< the server stops: statements are interrupted
  Millis interval = std::chrono::minutes(2);           ///< between two reads of the list of changes
  Millis reconcile_interval = std::chrono::hours(24);  ///< between two full lists
  Millis history_retention{};                          ///< history_retention.h
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  Webhook* webhook = nullptr;  ///< receives account events; may be null
  /// Whether this server works the account; null: it works all.
  std::function<bool(const Account&)> works = {};
  bool read_ahead = true;  ///< see LaneContext
};

class LaneRunner {
 public:
  LaneRunner(Store& store, Services& services, const Clock& clock, LaneRunnerOptions options)
      : store_(store), services_(services), clock_(clock), options_(options) {}

  /// Sets the callback that wakes a lane. Call before the first run.
  void on_wake(std::function<void(AccountId, Lane)> wake) { wake_ = std::move(wake); }

  /// Executes a run. Returns the lane's next due time, or nothing to wait until it is woken: for accounts
  /// without a token, paused accounts, and removed accounts, whose remaining data it erases. Failures are
  /// logged and recorded (LaneTrouble, Health).
  std::optional<Time> operator()(AccountId account, Lane lane, const RunRequest& run);

  /// The account is idle: logs what the sync did.
  void on_idle(AccountId account);

  /// The wall clock was set: shifts stored times, so that waits keep their length. Call before any run starts
  /// at the new time. `worker`: this server among several; 0 when it works all accounts.
  void clock_jumped(Millis by, ServerId worker = {});

  /// Another server works the account now.
  void forget(AccountId account);

  /// Progress of the current sync, or the result of the last one.
  Report report(AccountId account) const;

 private:
  struct Shared;   // the memory that an account's lanes share
  struct Stored;   // the account as it is stored
  struct AtStart;  // as it is when a run starts
  struct Outcome;  // of a run that ended well

  std::shared_ptr<Shared> shared(AccountId account, std::optional<long long> epoch);
  bool works(const Account& account) const { return !options_.works || options_.works(account); }
  std::optional<Time> erase(AccountId account, std::stop_token stop);
  std::optional<Time> work(AtStart& start, Lane lane, const RunRequest& run);
  static Result<std::optional<Stored>> load(Reader& reader, AccountId account);
  static Result<Outcome> run_lane(const LaneContext& context, const SyncState& state, Lane lane,
                                  const RunRequest& run);
  std::optional<Time> record_success(AtStart& start, Lane lane, const RunRequest& run,
                                     apple::Service& service, const Outcome& outcome);
  std::optional<Time> record_failure(AtStart& start, Lane lane, const RunRequest& run, const Error& error,
                                     apple::Service& service, std::optional<Millis> retry_in);
  bool has_open_calls(AccountId account) const;
  bool rule_broke(const AtStart& start) const;
  bool stops_account(const AtStart& start, Lane lane, const Error& error,
                     const apple::Service& service) const;
  Result<SyncState> record(const AtStart& start, Lane lane, const std::optional<LaneTrouble>& trouble,
                           const Error* error, const std::optional<IdleEnd>& end,
                           const std::function<Health(const Stored&)>& new_health);
  Result<std::vector<Lane>> retry_at_once(const AtStart& start, Lane lane);
  std::optional<Time> after_cancelled(const RunRequest& run) const;
  Time after_own_failure(Shared& shared, Lane lane, const Error& error) const;
  std::optional<Time> not_recorded(Shared& shared, Lane lane, const RunRequest& run,
                                   const Error& error) const;
  std::optional<Time> next_list(const SyncState& state, Lane lane, bool waits) const;
  Result<std::optional<Time>> next_due(const AtStart& start, Lane lane, bool waits) const;
  void wake(AccountId account, Lane lane) const;
  void wake_others(AccountId account, Lane lane) const;

  Store& store_;
  Services& services_;
  const Clock& clock_;
  const LaneRunnerOptions options_;
  std::function<void(AccountId, Lane)> wake_;
  mutable Guarded<std::map<AccountId, std::shared_ptr<Shared>>> shared_;
  PatientRuns patient_runs_;
};

}  // namespace muster::sync
