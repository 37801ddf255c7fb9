// Connecting an account with Apple: our key pair, and the token that the portal gives for it.
#pragma once

#include <string>

#include "store/store.h"
#include "sync/accounts/services.h"

namespace muster::sync {

/// The account's key pair, made and stored when there is none.
Result<KeyPair> ensure_key_pair(Store& store, const Clock& clock, const Account& account);

/// A new key pair for the account's next token. The present one stays until a token for the new one works.
Result<> renew_key_pair(Store& store, const Clock& clock, const Account& account);

struct OpenedToken {
  Token token;
  /// The pair that it was made for, when that is a new one: with the token it takes the place of the old one.
  std::optional<KeyPair> new_pair;
};
/// The token in the portal's file. Code::conflict when the account has no key pair that it could be for.
Result<OpenedToken> open_token_file(const Account& account, const std::string& p7m);

/// A token that works, with what Apple says of the account it is for.
struct CheckedToken {
  Token token;
  AppleAccount apple;
  bool other_service = false;            ///< than the one whose devices the account has
  std::optional<KeyPair> new_pair = {};  ///< as OpenedToken has it
};

/// Tries the token with `GET /account`. Code::conflict for a token of a service that another account has, and,
/// unless `force`, for one of another service than the account's present one. Nothing is stored.
Result<CheckedToken> check_token(Store& store, Services& services, const Account& account, const Token& token,
                                 bool force, std::stop_token stop);

/// Stores it; the list of another service's devices is begun anew, as a baseline. Code::conflict when another
/// account has got the service since it was checked.
Result<> put_token(Writer& writer, const Services& services, const Account& account,
                   const CheckedToken& checked);

/// Code::cancelled when the account was removed, or has another token than `account` has: what was heard from Apple
/// with that one is not the account's any more, and must not be stored as if it were.
Result<> check_current(Writer& writer, const Account& account);

/// All of these for a file: on any error the old token stays as it was.
Result<Token> import_token(Store& store, Services& services, const Account& account, const std::string& p7m,
                           bool force, std::stop_token stop);

}  // namespace muster::sync
