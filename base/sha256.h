// The hash of what must not be found again from it, or must not change unseen.
#pragma once

#include <string>
#include <string_view>

namespace muster {

/// The 32 bytes of SHA-256 (FIPS 180-4).
std::string sha256(std::string_view text);

}  // namespace muster
