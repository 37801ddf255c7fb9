// Accounts come and go while the server runs.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "store/store.h"
#include "sync/accounts/services.h"

namespace muster::sync {

/// What is to be new of an account; what is left out stays as it is.
struct AccountChange {
  std::optional<std::string> p7m{};         ///< the portal's token file
  std::optional<std::string> token_json{};  ///< the token itself; not both
  std::optional<std::string> base_url{};    ///< of Apple's service; "" for Apple's own
  std::optional<bool> paused{};
  bool force = false;  ///< a token of another service than the account's present one is meant
  /// The change is meant for this revision of the account's configuration (config_revision.h).
  std::optional<long long> revision{};
};

struct AppliedAccount {
  Account account;  ///< as it is now
  bool created = false;
  long long revision = 0;  ///< of its configuration, with the change
};

/// Makes the account if there is none of that name, and changes it: all of it or nothing. A token is checked with
/// Apple first (connect.h), also the present one when the address changes. The caller has the account's job start
/// anew. Code::invalid for a name or an address that cannot be, Code::conflict for another revision.
Result<AppliedAccount> apply_account(Store& store, Services& services, const AccountName& name,
                                     const AccountChange& change, std::stop_token stop);

/// The account is gone at once; its devices are erased by erase_account(), which the account's job does next (Scheduler::retire).
/// Code::not_found when there is none, Code::conflict for the default one. Gives the id it had.
Result<AccountId> remove_account(Store& store, Services& services, const AccountName& name);

/// Erases what is left of a removed account, some thousand devices a transaction. Nothing happens to any other.
/// Code::cancelled after `stop`: what is left stays for the next call, also after a restart.
Result<> erase_account(Store& store, AccountId account, std::stop_token stop);

}  // namespace muster::sync
