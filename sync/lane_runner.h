// One turn of a lane of an account, from start to end: what the scheduler calls. What a lane's end means for the lane, for
// the account and for the other lanes is decided here.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "base/guarded.h"
#include "sync/accounts/services.h"
#include "sync/run/lane_context.h"
#include "sync/scheduler.h"
#include "sync/webhook.h"

namespace muster::sync {

struct JobOptions {
  std::stop_token ends = {};                  ///< everything ends: no statement is waited for
  Millis interval = std::chrono::minutes(2);  ///< between two readings of an account's list of changes
  Millis reconcile_interval = std::chrono::hours(24);  ///< between two full lists
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  Webhook* webhook = nullptr;  ///< told how accounts stand; null for nobody
  bool read_ahead = true;      ///< see LaneContext
};

class Job {
 public:
  Job(Store& store, Services& services, const Clock& clock, JobOptions options)
      : store_(store), services_(services), clock_(clock), options_(options) {}

  /// How a lane is told that there is work for it. To be set before the first turn.
  void on_wake(std::function<void(AccountId, Lane)> wake) { wake_ = std::move(wake); }

  /// Does the lane's work and gives when it is due next; nothing when it has nothing to do until it is woken: so for an
  /// account without a token, or paused, and for one that was removed: then what is left of it is erased. Failures are
  /// logged and recorded (LaneTrouble, Health).
  std::optional<Time> operator()(AccountId account, Lane lane, const Turn& turn);

  /// No lane of the account has anything to do just now: what was done is told.
  void at_rest(AccountId account);

  /// The wall clock was set: what waits for a moment waits as long as before. Before any turn begins at the new time.
  void clock_jumped(Millis by);

  /// What was done since the account was last at rest before its present or last work.
  Report report(AccountId account) const;

 private:
  struct Shared;    // what all lanes of an account have
  struct Present;   // what is stored of the account as a turn begins
  struct Standing;  // and as it ends

  std::shared_ptr<Shared> shared(AccountId account);
  std::optional<Time> erase(AccountId account, std::stop_token stop);
  std::optional<Time> work(Present& present, Lane lane, const Turn& turn);
  static Result<bool> run_lane(const LaneContext& context, Lane lane, const Turn& turn);
  Result<> learn_account(Account& account, apple::Service& service, std::stop_token stop);
  void remember_clock(const Account& account, const apple::Service& service);
  std::optional<Time> went_well(Present& present, Lane lane, const Turn& turn, apple::Service& service,
                                bool waits);
  std::optional<Time> failed(Present& present, Lane lane, const Error& error, apple::Service& service,
                             std::optional<Millis> retry_in);
  bool stops_account(const Present& present, Lane lane, const Error& error,
                     const apple::Service& service) const;
  void record(const Present& present, Lane lane, const std::optional<LaneTrouble>& trouble,
              const Error* error, const std::function<Health(const Standing&)>& stands);
  Result<std::optional<Time>> next_due(const Present& present, Lane lane, bool waits) const;
  void wake(AccountId account, Lane lane) const;
  void wake_others(AccountId account, Lane lane) const;

  Store& store_;
  Services& services_;
  const Clock& clock_;
  const JobOptions options_;
  std::function<void(AccountId, Lane)> wake_;
  mutable Guarded<std::map<AccountId, std::shared_ptr<Shared>>> shared_;
};

}  // namespace muster::sync
