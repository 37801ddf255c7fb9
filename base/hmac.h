// Keyed hashes (RFC 2104): who has no key cannot make them.
#pragma once

#include <string>
#include <string_view>

namespace muster {

/// The bytes of the hash.
std::string hmac_sha1(std::string_view key, std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace muster
