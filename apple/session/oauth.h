// The OAuth 1.0a signature (RFC 5849, HMAC-SHA1) that asks Apple for a session: apple-dep-api.md section 2.1.
#pragma once

#include <string>

#include "base/time/clock.h"
#include "model/account.h"

namespace muster::apple {

/// What makes a signed request unlike every other: Apple answers 401 to a nonce that it has seen.
struct OauthStamp {
  long long timestamp = 0;  ///< whole seconds since 1970
  std::string nonce;
};

/// A stamp for now, with a random nonce.
OauthStamp fresh_stamp(Time now);

/// The signature in base64, not percent-encoded. `url` has no query.
std::string oauth_signature(const std::string& method, const std::string& url, const Token& token,
                            const OauthStamp& stamp);

/// The whole value of the `Authorization` header.
std::string oauth_header(const std::string& method, const std::string& url, const Token& token,
                         const OauthStamp& stamp);

}  // namespace muster::apple
