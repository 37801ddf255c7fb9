// The token exchange with Apple's portal: our key pair, and the token encrypted for it.
#pragma once

#include <string>

#include "base/result.h"
#include "model/account.h"

namespace muster::apple {

/// A fresh RSA-2048 pair with a self-signed certificate. `common_name` e.g. "muster"; valid from `now` for
/// `days` (Apple does not check the dates: apple-dep-api.md 1.1).
Result<KeyPair> make_key_pair(const std::string& common_name, Time now, int days);

/// The DER bytes of the pair's certificate.
Result<std::string> certificate_der(const KeyPair& pair);

/// Opens the file that the portal gives (`..._smime.p7m`): S/MIME headers, BER with indefinite lengths, the
/// inner message with or without BEGIN/END MESSAGE lines. Code::invalid says whether it is no S/MIME file, is
/// cut short, or was made for another certificate.
Result<Token> open_token(const std::string& p7m, const KeyPair& pair);

/// Reads the token's JSON: the four strings and the expiry, which may be missing or unreadable: then there is
/// none. Code::invalid names what is missing; no message holds a secret.
Result<Token> parse_token(const std::string& json);

}  // namespace muster::apple
