// Adds, changes and removes accounts while the server runs.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "store/store.h"
#include "sync/accounts/services.h"

namespace muster::sync {

/// A change to an account. Members that are left out stay unchanged.
struct AccountChange {
  std::optional<std::string> p7m{};         ///< the token file from the portal
  std::optional<std::string> token_json{};  ///< the token itself, instead of p7m
  std::optional<std::string> base_url{};    ///< of Apple's service; "" for Apple's own
  std::optional<bool> paused{};
  std::optional<bool> inherit_replacements{};
  bool force = false;  ///< accept a token of another service than the current one
  /// Reject the change unless the configuration has this revision (config_revision.h).
  std::optional<long long> revision{};
};

struct AppliedAccount {
  Account account;  ///< as it is now
  bool created = false;
  long long revision = 0;  ///< of its configuration, with the change
};

/// Creates the account if necessary, and changes it, completely or not at all. A token is verified with Apple
/// first (connect.h), also the current one if the address changes. The caller restarts the account's lanes.
/// Code::invalid for an invalid name or address, Code::conflict for another revision.
Result<AppliedAccount> apply_account(Store& store, Services& services, const AccountName& name,
                                     const AccountChange& change, std::stop_token stop);

/// Removes the account for all readers; its lane `changes` then erases it with erase_account()
/// (Scheduler::retire). Code::not_found if there is none, Code::conflict for the default account. Returns its
/// ID.
Result<AccountId> remove_account(Store& store, Services& services, const AccountName& name);

/// Erases the data of a removed account in small transactions. Does nothing for other accounts.
/// Code::cancelled after `stop`: the next call continues, also after a restart.
Result<> erase_account(Store& store, AccountId account, std::stop_token stop);

}  // namespace muster::sync
