// One apple::Service per account, created on first use and kept as long as the token stays the same: it holds
// the session.
#pragma once

#include <map>
#include <memory>

#include "apple/service.h"
#include "base/guarded.h"
#include "store/store.h"
#include "sync/accounts/work_counts.h"

namespace muster::sync {

class Services {
 public:
  /// `base_url_override`: address of the service of all accounts (-depsim); "" for each account's own.
  Services(Store& store, http::Transport& transport, const Clock& clock, std::string base_url_override)
      : store_(store),
        transport_(transport),
        clock_(clock),
        base_url_override_(std::move(base_url_override)) {}

  /// The service of the account. Code::not_configured if it has no token. Reads that from the store when it
  /// is new.
  Result<std::shared_ptr<apple::Service>> of(const Account& account);

  /// Address of the account's service.
  std::string base_url_of(const Account& account) const;

  /// The wall clock was set: shifts the times that services wait for.
  void clock_jumped(Millis by);

  /// The account was removed, or another server works it: drops its session, token and counts.
  void forget(AccountId account);

  /// What was done for the accounts. Their calls to Apple are counted here, everything else by those who do
  /// it.
  WorkCounts& counts() { return counts_; }

  /// A service for another token of the account, to verify it.
  std::shared_ptr<apple::Service> for_token(const Account& account, const Token& token);

 private:
  struct Entry {
    long long epoch = 0;  // of the account, which grows with each token
    std::string base_url;
    std::shared_ptr<apple::Service> service;
  };

  Store& store_;
  http::Transport& transport_;
  const Clock& clock_;
  const std::string base_url_override_;
  WorkCounts counts_;
  Guarded<std::map<AccountId, Entry>> entries_;
};

}  // namespace muster::sync
