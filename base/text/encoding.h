// Base64, hex and percent encoding, and random bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

std::string base64_encode(std::string_view bytes);
/// Standard alphabet, padding optional, white space between is skipped; nothing for any other character.
std::optional<std::string> base64_decode(std::string_view text);

std::string hex_lower(std::string_view bytes);
std::string hex_upper(std::string_view bytes);

/// RFC 3986 unreserved characters stay, every other byte becomes %XX with capitals (RFC 5849 section 3.6).
std::string percent_encode(std::string_view text);

/// `count` bytes from the system's cryptographic generator.
std::string random_bytes(size_t count);
/// RFC 9562 section 5.4: "6d9e1c0a-5f0b-4c55-8a36-0f8b8f7f9a51".
std::string random_uuid();

}  // namespace muster
