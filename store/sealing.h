// All secrets of a store together: sealing what is in plain, exchanging the master key, and what can go wrong
// with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/store.h"

namespace muster {

/// How much is sealed with a master key: of those that the server has, and of others.
struct MasterKeyUse {
  std::string number;
  std::string source;     ///< where the server got it; "" when it does not have it
  long long secrets = 0;  ///< sealed with it
  bool seals = false;     ///< it is the first: what is stored from now on is sealed with it

  /// The server needs it no more.
  bool is_removable() const { return !seals && secrets == 0; }
};

struct Rotation {
  long long resealed = 0;  ///< secrets that another key had sealed
  std::vector<MasterKeyUse> uses;
};

class Sealing {
 public:
  /// Before anybody uses the store: sees to it that all secrets can be opened, and seals those that are
  /// stored in plain. If the database's files may still have some of these, calls `overwrite`, which removes
  /// them; when that fails, the next start tries again. Logs the keys that are no longer needed.
  /// Code::not_configured names the keys that are missing: then nothing was changed.
  static Result<> begin(Store& store, const std::function<Result<>()>& overwrite);

  /// Seals all that another key has sealed with the first key, some accounts in a transaction, while others
  /// use the store. When it does not come to its end, it goes on the next time where it was. Logs the keys
  /// that are no longer needed. Code::cancelled when it is not wanted any more.
  static Result<Rotation> rotate(Store& store);
  /// The server's keys in their order, then others.
  static Result<std::vector<MasterKeyUse>> uses(Store& store);

  /// The master keys `missing` are needed and not among those given.
  static Error missing_keys(const std::vector<std::string>& missing, const Keyring& given);

  // For Reader and Writer.
  static Result<> open(const Keyring& keys, AccountId account, Token& token);
  static Result<> open(const Keyring& keys, AccountId account, KeyPair& pair);
  static Result<> open(const Keyring& keys, Receiver& receiver);
  static Result<> open(const Keyring& keys, DeviceLock& lock);
  static Result<> open(const Keyring& keys, EnrollmentWebhook& webhook);
  static Result<Token> sealed(const Keyring& keys, AccountId account, const Token& token);
  static Result<KeyPair> sealed(const Keyring& keys, AccountId account, const KeyPair& pair);
  static Result<Receiver> sealed(const Keyring& keys, const Receiver& receiver);
  static Result<DeviceLock> sealed(const Keyring& keys, const DeviceLock& lock);
  static Result<EnrollmentWebhook> sealed(const Keyring& keys, const EnrollmentWebhook& webhook);

 private:
  struct Found;
  struct Batch;
  template <class Fn>
  static Result<> each_of_all(Reader& reader, Fn&& fn);
  template <class Fn>
  static Result<Batch> change_some(Writer& writer, AccountId after, Fn&& fn);
  template <class Fn>
  static Result<long long> change_receivers(Writer& writer, Fn&& fn);
  template <class Fn>
  static Result<long long> change_enrollment_webhook(Writer& writer, Fn&& fn);
  static Result<bool> seal(Store& store);
  static Result<> has_overwritten(Store& store);
  static Result<Found> look(Reader& reader);
  static Result<bool> seal_all_plain(Writer& writer);
  static Result<Batch> reseal_some(Writer& writer, AccountId after);
  static Result<> prove(Writer& writer, const std::optional<SealingState>& state, bool is_overwritten);
  static Result<std::vector<MasterKeyUse>> count(Reader& reader);
};

}  // namespace muster
