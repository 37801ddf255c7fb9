#include "base/crypto/keyring.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/text/encoding.h"

namespace muster {
namespace {

constexpr std::string_view kPrefix = "sealed1:";
constexpr size_t kNumberSize = 8;
constexpr size_t kNonceSize = 12, kTagSize = 16;  // NIST SP 800-38D

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Looking the algorithm up costs more than sealing with it.
const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return kCipher;
}

const unsigned char* plain(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* plain(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
int size_of(std::string_view bytes) { return static_cast<int>(bytes.size()); }

// Nonce, ciphertext, tag; "" when OpenSSL fails.
std::string encrypt(const MasterKey& key, std::string_view place, std::string_view secret) {
  const std::string nonce = random_bytes(kNonceSize);
  std::string ciphertext(secret.size(), '\0'), tag(kTagSize, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0, unused = 0;
  const bool is_done =
      context &&
      EVP_EncryptInit_ex2(context.get(), cipher(), plain(key.bytes()), plain(nonce), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &unused, plain(place), size_of(place)) == 1 &&
      EVP_EncryptUpdate(context.get(), plain(ciphertext), &written, plain(secret), size_of(secret)) == 1 &&
      EVP_EncryptFinal_ex(context.get(), plain(tag), &unused) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, tag.data()) == 1;
  return is_done && written == size_of(secret) ? nonce + ciphertext + tag : "";
}

std::optional<std::string> decrypt(const MasterKey& key, std::string_view place, std::string_view bytes) {
  if (bytes.size() < kNonceSize + kTagSize) return std::nullopt;
  const auto nonce = bytes.substr(0, kNonceSize);
  const auto ciphertext = bytes.substr(kNonceSize, bytes.size() - kNonceSize - kTagSize);
  std::string tag(bytes.substr(bytes.size() - kTagSize)), secret(ciphertext.size(), '\0'),
      rest(kTagSize, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int unused = 0;
  const bool is_done =
      context &&
      EVP_DecryptInit_ex2(context.get(), cipher(), plain(key.bytes()), plain(nonce), nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &unused, plain(place), size_of(place)) == 1 &&
      EVP_DecryptUpdate(context.get(), plain(secret), &unused, plain(ciphertext), size_of(ciphertext)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), plain(rest), &unused) == 1;
  return is_done ? std::optional(std::move(secret)) : std::nullopt;
}

// Of the form that base64_encode() gives, and of no other: each call of the API opens some, and
// base64_decode() takes longer than the cipher.
std::optional<std::string> bytes_of(std::string_view base64) {
  if (base64.empty() || base64.size() % 4 != 0) return std::nullopt;
  std::string bytes(base64.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(plain(bytes), plain(base64), size_of(base64));
  if (size < 0) return std::nullopt;
  const size_t padding = base64.ends_with("==") ? 2 : base64.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<size_t>(size) - std::min(static_cast<size_t>(size), padding));
  return bytes;
}

}  // namespace

std::string SecretPlace::text() const {
  return std::string(table) + "/" + std::to_string(row) + "/" + std::string(column);
}

bool is_sealed(std::string_view text) { return !key_number_of(text).empty(); }

std::string_view key_number_of(std::string_view sealed) {
  if (!sealed.starts_with(kPrefix) || sealed.find(':', kPrefix.size()) != kPrefix.size() + kNumberSize)
    return {};
  return sealed.substr(kPrefix.size(), kNumberSize);
}

void Keyring::add(std::vector<MasterKey> keys) {
  for (auto& key : keys)
    if (!has(key.number())) keys_.push_back(std::move(key));
}

const MasterKey* Keyring::find(std::string_view number) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const MasterKey& key) { return key.number() == number; });
  return found == keys_.end() ? nullptr : &*found;
}

std::string Keyring::numbers() const {
  std::string all;
  for (const auto& key : keys_) all += (all.empty() ? "" : " ") + key.number();
  return all;
}

Result<std::string> Keyring::seal(const SecretPlace& place, std::string_view secret) const {
  if (keys_.empty())
    return failure(Code::internal, place.text() + " cannot be sealed: there is no master key");
  const std::string bytes = encrypt(first(), place.text(), secret);
  if (bytes.empty()) return failure(Code::internal, place.text() + " cannot be sealed: OpenSSL failed");
  return std::string(kPrefix) + first().number() + ":" + base64_encode(bytes);
}

Result<std::string> Keyring::open(const SecretPlace& place, std::string_view sealed) const {
  const auto number = key_number_of(sealed);
  if (number.empty())
    return failure(Code::internal, "the secret " + place.text() + " is not sealed",
                   "Somebody wrote it into the database: restart the server, which seals it");
  const auto* const key = find(number);
  if (!key)
    return failure(Code::not_configured,
                   "the secret " + place.text() + " is sealed with the master key " + std::string(number) +
                       ", which this server does not have",
                   "Start the server with this key, too: see docs/security.md");
  const auto bytes = bytes_of(sealed.substr(kPrefix.size() + kNumberSize + 1));
  auto secret = bytes ? decrypt(*key, place.text(), *bytes) : std::nullopt;
  if (secret) return std::move(*secret);
  return failure(Code::internal,
                 "the secret " + place.text() + " cannot be opened: it was changed, or is from another place",
                 "Restore a backup, or give the account a new token or key pair");
}

}  // namespace muster
