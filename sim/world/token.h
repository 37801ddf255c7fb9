// A server token: the four OAuth strings and the expiry, as the portal hands them out.
#pragma once

#include <string>

#include "sim/world/random.h"

namespace muster::sim {

struct Token {
  std::string consumer_key;
  std::string consumer_secret;
  std::string access_token;
  std::string access_secret;
  long long expires_ms = 0;

  /// The JSON of the token file, on one line.
  std::string json() const;
};

/// The token that Apple's old depsim always had; clients know it by heart. Lasts to 2030, or a year when that
/// is more.
Token well_known_token(long long now_ms);

/// A token in the shape of Apple's live ones; it lasts one year from `issued_ms`.
Token make_token(Random& random, long long issued_ms);

/// What a renewal gives: the same consumer, a new access token.
Token renew_token(const Token& old, Random& random, long long issued_ms);

}  // namespace muster::sim
