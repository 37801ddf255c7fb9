#include "sync/webhooks/signature.h"

#include <algorithm>

#include "base/hmac.h"
#include "base/text/encoding.h"

namespace muster::sync {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kShortest = 24, kLongest = 64, kLongestText = 256, kNew = 32;  // bytes

// The bytes that sign.
std::string key_of(std::string_view secret) {
  if (!secret.starts_with(kPrefix)) return std::string(secret);
  return base64_decode(secret.substr(kPrefix.size())).value_or("");
}

std::string signature(std::string_view secret, const std::string& content) {
  return "v1," + base64_encode(hmac_sha256(key_of(secret), content));
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::string new_webhook_secret() { return std::string(kPrefix) + base64_encode(random_bytes(kNew)); }

Result<> check_webhook_secret(std::string_view secret) {
  if (secret.starts_with(kPrefix)) {
    const auto key = base64_decode(secret.substr(kPrefix.size()));
    if (key && key->size() >= kShortest && key->size() <= kLongest) return {};
    return failure(Code::invalid, "the secret is not whsec_ and Base64 of 24 to 64 bytes",
                   "Leave it out: Muster makes one");
  }
  if (secret.size() >= kShortest && secret.size() <= kLongestText && is_printable(secret)) return {};
  return failure(Code::invalid, "the secret has not 24 to 256 printable ASCII characters without spaces",
                 "Leave it out: Muster makes one");
}

http::Headers signature_headers(const Receiver& receiver, const std::string& id, std::string_view body,
                                Time now) {
  const std::string timestamp = std::to_string(to_millis(now) / 1000);
  const std::string content = id + "." + timestamp + "." + std::string(body);
  std::string signatures = signature(receiver.secret, content);
  const bool has_old = !receiver.old_secret.empty() && receiver.old_secret_until > now;
  if (has_old) signatures += " " + signature(receiver.old_secret, content);
  return {{"webhook-id", id},
          {"webhook-timestamp", timestamp},
          {"webhook-signature", signatures},
          {"X-Hmac-Signature", base64_encode(hmac_sha256(key_of(receiver.secret), body))}};
}

}  // namespace muster::sync
