#include "api/access/sessions.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "base/hmac.h"
#include "base/sha256.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::api {
namespace {

constexpr size_t kRandomBytes = 16;
constexpr size_t kSignatureLength = 64;  // hexadecimal digits
constexpr std::string_view kOfFlagKey = "-";

// KEY.EXPIRES.RANDOM.SIGNATURE
struct Parts {
  std::string_view key, expires, random, signature;
};

std::optional<Parts> parts_of(std::string_view text) {
  std::array<std::string_view, 4> parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t end = i + 1 < parts.size() ? text.find('.') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto& [key, expires, random, signature] = parts;
  if (key.empty() || random.size() != 2 * kRandomBytes || signature.size() != kSignatureLength)
    return std::nullopt;
  return Parts{key, expires, random, signature};
}

std::string_view without_signature(std::string_view text) { return text.substr(0, text.rfind('.')); }
std::string_view signature_in(std::string_view text) { return text.substr(text.rfind('.') + 1); }

}  // namespace

std::string digest_of_session(const Session& session) { return hex_lower(sha256(session.text)); }

Session Sessions::open(const ApiKey& key, std::string_view digest, Time now) {
  Session session{.key = key.id, .expires_at = now + kLife};
  if (key.expires_at) session.expires_at = std::min(session.expires_at, *key.expires_at);
  session.text = fmt::format("{}.{}.{}", key.id.empty() ? kOfFlagKey : std::string_view(key.id.str()),
                             to_millis(session.expires_at), hex_lower(random_bytes(kRandomBytes)));
  session.text += "." + signature_of(session.text, digest);
  return session;
}

std::optional<Session> Sessions::read(std::string_view text, Time now) {
  const auto parts = parts_of(text);
  if (!parts) return std::nullopt;
  long long expires = 0;
  const char* const end = parts->expires.data() + parts->expires.size();
  const auto read = std::from_chars(parts->expires.data(), end, expires);
  if (read.ec != std::errc() || read.ptr != end || from_millis(expires) <= now) return std::nullopt;
  Session session{.key = {}, .expires_at = from_millis(expires), .text = std::string(text)};
  if (parts->key != kOfFlagKey) session.key = KeyId(std::string(parts->key));
  return session;
}

bool Sessions::is_genuine(const Session& session, std::string_view digest) {
  const auto expected = signature_of(without_signature(session.text), digest);
  return equals_constant_time(signature_in(session.text), expected);
}

// Slow on purpose: who has a session and the text of its key could try all short -api-keys, and sign for
// another key then.
const std::string& Sessions::secret() {
  std::call_once(derived_, [this] {
    constexpr std::string_view kSalt = "muster console session";
    constexpr std::uint64_t kN = 1 << 15, kR = 8, kP = 1, kMemory = 64 << 20;
    std::array<unsigned char, 32> bytes{};
    if (EVP_PBE_scrypt(flag_key_.data(), flag_key_.size(),
                       reinterpret_cast<const unsigned char*>(kSalt.data()), kSalt.size(), kN, kR, kP,
                       kMemory, bytes.data(), bytes.size()) != 1)
      throw std::runtime_error("the secret of the console's sessions cannot be derived");
    secret_.assign(bytes.begin(), bytes.end());
  });
  return secret_;
}

std::string Sessions::signature_of(std::string_view signed_part, std::string_view digest) {
  return hex_lower(hmac_sha256(secret(), fmt::format("{}\n{}", digest, signed_part)));
}

}  // namespace muster::api
