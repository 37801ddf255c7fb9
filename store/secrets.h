// Secrets as they are stored: sealed (base/crypto/keyring.h). A backend keeps these texts and knows no more
// of them; Reader and Writer (store.h) seal and open them, and Sealing (sealing.h) looks after all of them.
// Nobody else sees them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/crypto/keyring.h"
#include "base/result.h"
#include "model/account.h"
#include "model/device_lock.h"
#include "model/mdm/enrollment_webhook.h"
#include "model/receiver.h"

namespace muster {

/// The secrets of an account; what it does not have is missing.
struct StoredSecrets {
  AccountId account{};
  std::optional<std::string> consumer_secret, access_token, access_secret, private_key;
};

/// The table `sealing`.
struct SealingState {
  std::string proof;  ///< a known text, sealed: a server without its key must not start
  bool is_overwritten =
      false;  ///< nothing is left in the database's files of secrets that were stored in plain
};

class SecretReads {
 public:
  virtual ~SecretReads() = default;

 protected:
  friend class Sealing;

  virtual const Keyring& keyring() const = 0;
  virtual Result<std::optional<Token>> stored_token(AccountId account) = 0;
  virtual Result<std::optional<KeyPair>> stored_key_pair(AccountId account) = 0;
  /// Of up to `limit` accounts with a higher ID than `after`, in order. In a write they stay as they are
  /// until its end.
  virtual Result<std::vector<StoredSecrets>> stored_secrets(AccountId after, size_t limit) = 0;
  /// In order of name.
  virtual Result<std::vector<Receiver>> stored_receivers() = 0;
  virtual Result<std::optional<DeviceLock>> stored_device_lock(AccountId account, const Serial& serial) = 0;
  /// Of the accounts with a higher ID than `after`, up to `last`, in order. In a write that has read the
  /// secrets of these accounts they stay as they are until its end.
  virtual Result<std::vector<DeviceLock>> stored_device_locks(AccountId after, AccountId last) = 0;
  virtual Result<std::optional<EnrollmentWebhook>> stored_enrollment_webhook() = 0;
  /// None: nothing was sealed here yet.
  virtual Result<std::optional<SealingState>> sealing_state() = 0;
};

class SecretWrites {
 public:
  virtual ~SecretWrites() = default;

 protected:
  friend class Sealing;

  virtual Result<> put_stored_key_pair(AccountId account, const KeyPair& pair) = 0;
  virtual Result<> put_stored_token(AccountId account, const Token& token) = 0;
  /// In place of those that stored_secrets() gave; the account is the same otherwise.
  virtual Result<> put_stored_secrets(const StoredSecrets& secrets) = 0;
  /// Or the one of its id is changed; its revision grows.
  virtual Result<> put_stored_receiver(const Receiver& receiver) = 0;
  /// The receiver is the same otherwise.
  virtual Result<> put_stored_receiver_secrets(const Receiver& receiver) = 0;
  /// Or the one of its device is replaced.
  virtual Result<> put_stored_device_lock(const DeviceLock& lock) = 0;
  /// In place of the one that there is.
  virtual Result<> put_stored_enrollment_webhook(const EnrollmentWebhook& webhook) = 0;
  virtual Result<> put_sealing_state(const SealingState& state) = 0;
};

}  // namespace muster
