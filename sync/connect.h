// Connecting an account with Apple: our key pair, and the token that the portal gives for it.
#pragma once

#include <string>

#include "store/store.h"
#include "sync/services.h"

namespace muster::sync {

/// The account's key pair, made and stored when there is none.
Result<KeyPair> ensure_key_pair(Store& store, const Clock& clock, const Account& account);

/// Opens the portal's file, checks the token with `GET /account`, and only then stores it: on any error the old token
/// stays as it was. A token of another service than the account's present one is Code::conflict, unless `force`.
Result<Token> import_token(Store& store, Services& services, const Account& account, const std::string& p7m,
                           bool force, std::stop_token stop);

}  // namespace muster::sync
