// Connects an account with Apple: its key pair, and its token from the portal.
#pragma once

#include <optional>
#include <string>

#include "store/store.h"
#include "sync/accounts/services.h"

namespace muster::sync {

/// Returns the account's key pair; creates and stores it if necessary.
Result<KeyPair> ensure_key_pair(Store& store, const Clock& clock, const Account& account);

/// What a certificate says; Apple looks at its key only (apple-dep-api.md 1.1).
struct CertificateText {
  std::string common_name;
  int days = 0;  ///< of its validity
};
/// A new key pair for the account's next token. The present one stays until a token for the new one works.
/// Without a text its certificate names Muster and the account, and is valid for ten years.
Result<KeyPair> renew_key_pair(Store& store, const Clock& clock, const Account& account,
                               const std::optional<CertificateText>& text = {});

struct OpenedToken {
  Token token;
  /// The pair that it was made for, when that is a new one: with the token it takes the place of the old one.
  std::optional<KeyPair> new_pair;
};
/// The token in the portal's file. Code::conflict when the account has no key pair that it could be for.
Result<OpenedToken> open_token_file(Store& store, const Account& account, const std::string& p7m);

/// A verified token, with Apple's details of its account.
struct CheckedToken {
  Token token;
  AppleAccount apple;
  bool other_service = false;            ///< than the one whose devices the account has
  std::optional<KeyPair> new_pair = {};  ///< as OpenedToken has it
};

/// Verifies the token with `GET /account`. Code::conflict if another account has the token's service, and,
/// unless `force`, if the account's current token belongs to another service. Stores nothing.
Result<CheckedToken> check_token(Store& store, Services& services, const Account& account, const Token& token,
                                 bool force, std::stop_token stop);

/// Stores the token. If it belongs to another service, the account starts with a new baseline. Code::conflict
/// if another account has taken the service since.
Result<> put_token(Writer& writer, const Services& services, const Account& account,
                   const CheckedToken& checked);

/// All steps for a token file. On an error, the old token stays in use.
Result<Token> import_token(Store& store, Services& services, const Account& account, const std::string& p7m,
                           bool force, std::stop_token stop);

}  // namespace muster::sync
