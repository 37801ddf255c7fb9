// The encodings of Apple's side, straight on OpenSSL. base/text/encoding.h does the same for Muster; the
// simulator has its own so that client and service cannot share one mistake.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::sim {

enum class Padding { with, without };

std::string to_base64(std::string_view bytes, Padding padding);
/// Standard alphabet, padding optional; nothing for anything else.
std::optional<std::string> from_base64(std::string_view text);

enum class Case { upper, lower };
std::string to_hex(std::string_view bytes, Case letters);

/// RFC 5849 section 3.6.
std::string to_percent(std::string_view text);
/// Nothing when an escape is broken.
std::optional<std::string> from_percent(std::string_view text);

std::string hmac_sha1(std::string_view key, std::string_view text);

/// `count` unpredictable bytes.
std::string random_octets(size_t count);

/// Appends `text` as a JSON string, quotes included. Bytes above 0x7f pass as they are.
void append_json_string(std::string& out, std::string_view text);

/// Appends `2026-01-17T11:02:21Z` for milliseconds since 1970 (the fraction is cut). Pages of 1,000 rows hold
/// up to 5,000 dates, so this avoids everything general.
void append_date(std::string& out, long long ms);

}  // namespace muster::sim
