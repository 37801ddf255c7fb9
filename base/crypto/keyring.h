// Seals secrets with AES-256-GCM, so that whoever has the database has nothing without the master key.
//
// A sealed secret is a text: "sealed1:", the number of its master key, ":", and nonce, ciphertext and tag in
// Base64. Its place is authenticated with it: elsewhere it cannot be opened, so that nobody who may write the
// database gets one secret shown as another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/crypto/master_key.h"
#include "base/result.h"

namespace muster {

/// Where a secret is stored.
struct SecretPlace {
  std::string_view table;
  std::int64_t row = 0;
  std::string_view column;

  /// For people, too: account/17/access_token.
  std::string text() const;
};

/// Whether it is a sealed text, and not a secret in plain.
bool is_sealed(std::string_view text);
/// The number of the master key that it is sealed with; "" when it is not sealed.
std::string_view key_number_of(std::string_view sealed);

/// The master keys of a server: the first one seals, all of them open. Any thread may use it.
class Keyring {
 public:
  Keyring() = default;
  explicit Keyring(std::vector<MasterKey> keys) { add(std::move(keys)); }

  /// Behind the others; those that are there already are left out.
  void add(std::vector<MasterKey> keys);
  bool empty() const { return keys_.empty(); }
  const std::vector<MasterKey>& keys() const { return keys_; }
  /// Must not be empty.
  const MasterKey& first() const { return keys_.front(); }
  bool has(std::string_view number) const { return find(number) != nullptr; }
  /// Of the keys, in order, with spaces between them.
  std::string numbers() const;

  /// With the first key. Code::internal when there is none, or no memory is left.
  Result<std::string> seal(const SecretPlace& place, std::string_view secret) const;
  /// Code::not_configured names the key that is missing; Code::internal says that the text is not sealed, was
  /// changed or is from another place.
  Result<std::string> open(const SecretPlace& place, std::string_view sealed) const;

 private:
  const MasterKey* find(std::string_view number) const;

  std::vector<MasterKey> keys_;
};

}  // namespace muster
