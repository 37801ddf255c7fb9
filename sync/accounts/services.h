// One apple::Service an account, made when first asked for and kept while the token is the same: the session with
// Apple lives in it.
#pragma once

#include <map>
#include <memory>

#include "apple/service.h"
#include "base/guarded.h"
#include "model/account.h"

namespace muster::sync {

class Services {
 public:
  /// `base_url_override`: every account's service is there, whatever the account says (-depsim); "" for none.
  Services(http::Transport& transport, const Clock& clock, std::string base_url_override)
      : transport_(transport), clock_(clock), base_url_override_(std::move(base_url_override)) {}

  /// The service of the account. Code::not_configured when it has no token.
  Result<std::shared_ptr<apple::Service>> of(const Account& account);

  /// Where the account's service is.
  std::string base_url_of(const Account& account) const;

  /// The wall clock was set: so are the moments that services wait for.
  void clock_jumped(Millis by);

  /// The account is gone: so are its session and token.
  void forget(AccountId account);

  /// A service for a token that is not the account's (yet): to try it.
  std::shared_ptr<apple::Service> for_token(const Account& account, const Token& token) const;

 private:
  struct Entry {
    Token token;
    std::string base_url;
    std::shared_ptr<apple::Service> service;
  };

  http::Transport& transport_;
  const Clock& clock_;
  const std::string base_url_override_;
  Guarded<std::map<AccountId, Entry>> entries_;
};

}  // namespace muster::sync
