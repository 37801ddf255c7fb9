#include "store/sealing.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/log/log.h"
#include "base/threads/wanted.h"

namespace muster {
namespace {

constexpr size_t kAtOnce = 100;  // accounts of a transaction: other writes wait some milliseconds

constexpr const char* kTable = "account";
constexpr const char* kConsumerSecret = "consumer_secret";
constexpr const char* kAccessToken = "access_token";
constexpr const char* kAccessSecret = "access_secret";
constexpr const char* kPrivateKey = "private_key";

struct Column {
  const char* name;
  std::optional<std::string> StoredSecrets::*value;
};
constexpr Column kColumns[] = {{kConsumerSecret, &StoredSecrets::consumer_secret},
                               {kAccessToken, &StoredSecrets::access_token},
                               {kAccessSecret, &StoredSecrets::access_secret},
                               {kPrivateKey, &StoredSecrets::private_key}};

SecretPlace place_of(AccountId account, const char* column) {
  return {kTable, static_cast<std::int64_t>(account), column};
}

struct ReceiverColumn {
  const char* name;
  std::string Receiver::*value;
};
constexpr ReceiverColumn kReceiverColumns[] = {
    {"url", &Receiver::url}, {"secret", &Receiver::secret}, {"old_secret", &Receiver::old_secret}};

constexpr SecretPlace kProofPlace{"sealing", 0, "proof"};
constexpr const char* kProof = "muster";

/// Calls fn(SecretPlace, std::string&) for each secret there is.
template <class Fn>
Result<> each_of(StoredSecrets& secrets, Fn&& fn) {
  for (const auto& column : kColumns)
    if (auto& text = secrets.*column.value) MUSTER_TRY(fn(place_of(secrets.account, column.name), *text));
  return {};
}

/// The same.
template <class Fn>
Result<> each_of(Receiver& receiver, Fn&& fn) {
  for (const auto& column : kReceiverColumns) {
    const SecretPlace place{"receiver", static_cast<std::int64_t>(receiver.id), column.name};
    if (auto& text = receiver.*column.value; !text.empty()) MUSTER_TRY(fn(place, text));
  }
  return {};
}

/// The same. Its place is the account and the device: no code can be shown as that of another device.
template <class Fn>
Result<> each_of(DeviceLock& lock, Fn&& fn) {
  return fn(SecretPlace{"device_lock", static_cast<std::int64_t>(lock.account), lock.serial.str()},
            lock.code);
}

/// The same.
template <class Fn>
Result<> each_of(EnrollmentWebhook& webhook, Fn&& fn) {
  MUSTER_TRY(fn(SecretPlace{"enrollment_webhook", 0, "secret"}, webhook.secret));
  if (webhook.old_secret.empty()) return {};
  return fn(SecretPlace{"enrollment_webhook", 0, "old_secret"}, webhook.old_secret);
}

template <class T>
Result<> open_each(const Keyring& keys, T& value) {
  return each_of(value, [&](const SecretPlace& place, std::string& text) -> Result<> {
    MUSTER_TRY(text, keys.open(place, text));
    return {};
  });
}

template <class T>
Result<T> sealed_each(const Keyring& keys, const T& value) {
  T sealed = value;
  MUSTER_TRY(each_of(sealed, [&](const SecretPlace& place, std::string& text) -> Result<> {
    MUSTER_TRY(text, keys.seal(place, text));
    return {};
  }));
  return sealed;
}

/// Calls fn(SecretPlace, std::string&), which gives whether it has changed the text, for each secret. How
/// many it has changed.
template <class T, class Fn>
Result<long long> change_each(T& value, Fn&& fn) {
  long long changed = 0;
  MUSTER_TRY(each_of(value, [&](const SecretPlace& place, std::string& text) -> Result<> {
    MUSTER_TRY(const bool is_changed, fn(place, text));
    changed += is_changed ? 1 : 0;
    return {};
  }));
  return changed;
}

Result<> open_text(const Keyring& keys, AccountId account, const char* column, std::string& text) {
  MUSTER_TRY(text, keys.open(place_of(account, column), text));
  return {};
}
Result<> seal_text(const Keyring& keys, AccountId account, const char* column, std::string& text) {
  MUSTER_TRY(text, keys.seal(place_of(account, column), text));
  return {};
}

std::string list(const std::vector<std::string>& numbers) {
  std::string text;
  for (const auto& number : numbers) text += (text.empty() ? "" : ", ") + number;
  return text;
}

using SecretsByKey = std::map<std::string, long long, std::less<>>;  // numbers of keys

std::vector<MasterKeyUse> uses_of(const Keyring& keys, SecretsByKey secrets_by_key) {
  std::vector<MasterKeyUse> uses;
  for (const auto& key : keys.keys()) {
    const auto counted = secrets_by_key.extract(key.number());
    uses.push_back({.number = key.number(),
                    .source = key.source(),
                    .secrets = counted.empty() ? 0 : counted.mapped(),
                    .seals = uses.empty()});
  }
  for (const auto& [number, secrets] : secrets_by_key)
    uses.push_back({.number = number, .source = "", .secrets = secrets});
  return uses;
}

void log_removable(const std::vector<MasterKeyUse>& uses) {
  for (const auto& use : uses)
    if (use.is_removable()) log::info("master_key.removable", {{"key", use.number}, {"source", use.source}});
}

}  // namespace

struct Sealing::Found {
  bool has_plain = false;       // secrets that are not sealed
  bool is_proved = false;       // the proof is sealed with the first key
  bool is_overwritten = false;  // SealingState
  std::vector<MasterKeyUse> uses = {};
};

struct Sealing::Batch {
  AccountId last{};
  bool is_last = false;
  long long changed = 0;  // secrets
};

// Calls fn(SecretPlace, std::string&) for each secret of the store.
template <class Fn>
Result<> Sealing::each_of_all(Reader& reader, Fn&& fn) {
  for (AccountId after{};;) {
    MUSTER_TRY(auto some, reader.stored_secrets(after, kAtOnce));
    if (some.empty()) break;
    for (auto& secrets : some) MUSTER_TRY(each_of(secrets, fn));
    MUSTER_TRY(auto locks, reader.stored_device_locks(after, some.back().account));
    for (auto& lock : locks) MUSTER_TRY(each_of(lock, fn));
    after = some.back().account;
  }
  MUSTER_TRY(auto receivers, reader.stored_receivers());
  for (auto& receiver : receivers) MUSTER_TRY(each_of(receiver, fn));
  MUSTER_TRY(auto webhook, reader.stored_enrollment_webhook());
  if (webhook) MUSTER_TRY(each_of(*webhook, fn));
  return {};
}

Result<> Sealing::open(const Keyring& keys, AccountId account, Token& token) {
  MUSTER_TRY(open_text(keys, account, kConsumerSecret, token.consumer_secret));
  MUSTER_TRY(open_text(keys, account, kAccessToken, token.access_token));
  return open_text(keys, account, kAccessSecret, token.access_secret);
}

Result<> Sealing::open(const Keyring& keys, AccountId account, KeyPair& pair) {
  return open_text(keys, account, kPrivateKey, pair.private_key_pem);
}

Result<> Sealing::open(const Keyring& keys, Receiver& receiver) { return open_each(keys, receiver); }

Result<> Sealing::open(const Keyring& keys, DeviceLock& lock) { return open_each(keys, lock); }

Result<> Sealing::open(const Keyring& keys, EnrollmentWebhook& webhook) { return open_each(keys, webhook); }

Result<EnrollmentWebhook> Sealing::sealed(const Keyring& keys, const EnrollmentWebhook& webhook) {
  return sealed_each(keys, webhook);
}

Result<Receiver> Sealing::sealed(const Keyring& keys, const Receiver& receiver) {
  return sealed_each(keys, receiver);
}

Result<DeviceLock> Sealing::sealed(const Keyring& keys, const DeviceLock& lock) {
  return sealed_each(keys, lock);
}

Result<Token> Sealing::sealed(const Keyring& keys, AccountId account, const Token& token) {
  Token sealed = token;
  MUSTER_TRY(seal_text(keys, account, kConsumerSecret, sealed.consumer_secret));
  MUSTER_TRY(seal_text(keys, account, kAccessToken, sealed.access_token));
  MUSTER_TRY(seal_text(keys, account, kAccessSecret, sealed.access_secret));
  return sealed;
}

Result<KeyPair> Sealing::sealed(const Keyring& keys, AccountId account, const KeyPair& pair) {
  KeyPair sealed = pair;
  MUSTER_TRY(seal_text(keys, account, kPrivateKey, sealed.private_key_pem));
  return sealed;
}

Error Sealing::missing_keys(const std::vector<std::string>& missing, const Keyring& given) {
  const bool are_many = missing.size() > 1;
  return {
      Code::not_configured,
      std::string("the secrets in the database are sealed with the master key") + (are_many ? "s " : " ") +
          list(missing) + ", and the server was given " + (given.empty() ? "no key" : given.numbers()),
      "Nothing was changed. Give the missing key with -master-key-file, MUSTER_MASTER_KEY or a systemd credential. "
      "It is in the file master.key of the data directory where the secrets were sealed, unless it was moved: a "
      "backup needs the key of the server that made it. See docs/security.md, also for a key that is lost",
      {}};
}

Result<> Sealing::begin(Store& store, const std::function<Result<>()>& overwrite) {
  MUSTER_TRY(const bool must_overwrite, seal(store));
  if (!must_overwrite) return {};
  const auto done = overwrite();
  if (done) return has_overwritten(store);
  log::warn("secrets.not_overwritten", {{"reason", done.error().text()}});
  return {};
}

// Most starts find nothing to do, and lock nothing.
Result<bool> Sealing::seal(Store& store) {
  MUSTER_TRY(const Found found, store.read([](Reader& reader) { return look(reader); }));
  log_removable(found.uses);
  if (!found.has_plain && found.is_proved) return !found.is_overwritten;
  return store.write(installation, [](Writer& writer) -> Result<bool> {
    MUSTER_TRY(const auto state, writer.sealing_state());
    MUSTER_TRY(const auto first_account, writer.stored_secrets({}, 1));
    MUSTER_TRY(const bool had_plain, seal_all_plain(writer));
    // Also those of accounts that were removed before anything was sealed may have left traces.
    const bool is_overwritten = !had_plain && (state ? state->is_overwritten : first_account.empty());
    MUSTER_TRY(prove(writer, state, is_overwritten));
    return !is_overwritten;
  });
}

// Opens all, so that damage is found before the server works with it. A missing key is named first.
Result<Sealing::Found> Sealing::look(Reader& reader) {
  const Keyring& keys = reader.keyring();
  MUSTER_TRY(const auto state, reader.sealing_state());
  Found found{.is_proved = state && key_number_of(state->proof) == keys.first().number(),
              .is_overwritten = state && state->is_overwritten};
  SecretsByKey secrets_by_key;
  std::optional<Error> damaged;
  const auto look_at = [&](const SecretPlace& place, std::string_view text) {
    if (!keys.has(key_number_of(text)) || damaged) return;
    if (const auto opened = keys.open(place, text); !opened) damaged = opened.error();
  };
  if (state) look_at(kProofPlace, state->proof);
  MUSTER_TRY(each_of_all(reader, [&](const SecretPlace& place, const std::string& text) -> Result<> {
    if (is_sealed(text)) ++secrets_by_key[std::string(key_number_of(text))];
    found.has_plain = found.has_plain || !is_sealed(text);
    look_at(place, text);
    return {};
  }));
  found.uses = uses_of(keys, std::move(secrets_by_key));
  std::set<std::string> missing;
  if (state && !keys.has(key_number_of(state->proof))) missing.emplace(key_number_of(state->proof));
  for (const auto& use : found.uses)
    if (!keys.has(use.number)) missing.insert(use.number);
  if (!missing.empty()) return failure(missing_keys({missing.begin(), missing.end()}, keys));
  if (damaged) return failure(*damaged);
  return found;
}

Result<> Sealing::has_overwritten(Store& store) {
  return store.write(installation, [](Writer& writer) -> Result<> {
    MUSTER_TRY(auto state, writer.sealing_state());
    if (!state) return {};
    state->is_overwritten = true;
    return writer.put_sealing_state(*state);
  });
}

// Of all receivers: they are few. As change_some().
template <class Fn>
Result<long long> Sealing::change_receivers(Writer& writer, Fn&& fn) {
  MUSTER_TRY(auto receivers, writer.stored_receivers());
  long long all = 0;
  for (auto& receiver : receivers) {
    MUSTER_TRY(const auto changed, change_each(receiver, fn));
    if (changed > 0) MUSTER_TRY(writer.put_stored_receiver_secrets(receiver));
    all += changed;
  }
  return all;
}

template <class Fn>
Result<long long> Sealing::change_enrollment_webhook(Writer& writer, Fn&& fn) {
  MUSTER_TRY(auto webhook, writer.stored_enrollment_webhook());
  if (!webhook) return 0;
  MUSTER_TRY(const auto changed, change_each(*webhook, fn));
  if (changed > 0) MUSTER_TRY(writer.put_stored_enrollment_webhook(*webhook));
  return changed;
}

// Of some accounts behind `after`, with their devices' codes, and of what belongs to none behind the last
// one. fn as change_each() takes it.
template <class Fn>
Result<Sealing::Batch> Sealing::change_some(Writer& writer, AccountId after, Fn&& fn) {
  MUSTER_TRY(auto some, writer.stored_secrets(after, kAtOnce));
  Batch batch{.last = after, .is_last = some.size() < kAtOnce};
  for (auto& secrets : some) {
    MUSTER_TRY(const auto changed, change_each(secrets, fn));
    if (changed > 0) MUSTER_TRY(writer.put_stored_secrets(secrets));
    batch.changed += changed;
    batch.last = secrets.account;
  }
  MUSTER_TRY(auto locks, writer.stored_device_locks(after, batch.last));
  for (auto& lock : locks) {
    MUSTER_TRY(const auto changed, change_each(lock, fn));
    if (changed > 0) MUSTER_TRY(writer.put_stored_device_lock(lock));
    batch.changed += changed;
  }
  if (batch.is_last) {
    MUSTER_TRY(const auto of_receivers, change_receivers(writer, fn));
    MUSTER_TRY(const auto of_webhook, change_enrollment_webhook(writer, fn));
    batch.changed += of_receivers + of_webhook;
  }
  return batch;
}

Result<bool> Sealing::seal_all_plain(Writer& writer) {
  const auto seal_plain = [&](const SecretPlace& place, std::string& text) -> Result<bool> {
    if (is_sealed(text)) return false;
    MUSTER_TRY(text, writer.keyring().seal(place, text));
    return true;
  };
  bool had_plain = false;
  for (Batch batch; !batch.is_last;) {
    MUSTER_TRY(batch, change_some(writer, batch.last, seal_plain));
    had_plain = had_plain || batch.changed > 0;
  }
  return had_plain;
}

Result<> Sealing::prove(Writer& writer, const std::optional<SealingState>& state, bool is_overwritten) {
  const std::string& first = writer.keyring().first().number();
  if (state) MUSTER_TRY(writer.keyring().open(kProofPlace, state->proof));
  if (state && key_number_of(state->proof) == first && state->is_overwritten == is_overwritten) return {};
  MUSTER_TRY(auto proof, writer.keyring().seal(kProofPlace, kProof));
  return writer.put_sealing_state({std::move(proof), is_overwritten});
}

Result<Sealing::Batch> Sealing::reseal_some(Writer& writer, AccountId after) {
  const Keyring& keys = writer.keyring();
  return change_some(writer, after, [&](const SecretPlace& place, std::string& text) -> Result<bool> {
    if (key_number_of(text) == keys.first().number()) return false;
    MUSTER_TRY(const auto secret, keys.open(place, text));
    MUSTER_TRY(text, keys.seal(place, secret));
    return true;
  });
}

Result<Rotation> Sealing::rotate(Store& store) {
  if (auto* const shared = store.shared()) MUSTER_TRY(shared->check_same_first_key());
  Rotation rotation;
  for (Batch batch; !batch.is_last;) {
    if (!Wanted::still())
      return failure(Code::cancelled, "the exchange of the master key was interrupted",
                     "Repeat it: it continues where it was");
    MUSTER_TRY(batch, store.write(installation, [after = batch.last](Writer& writer) {
      const bool is_first = after == AccountId{};
      if (is_first)
        writer.note_change({.action = "master_key.rotated", .object = writer.keyring().first().number()});
      return reseal_some(writer, after);
    }));
    rotation.resealed += batch.changed;
  }
  MUSTER_TRY(store.write(installation, [](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto state, writer.sealing_state());
    return prove(writer, state, !state || state->is_overwritten);
  }));
  MUSTER_TRY(rotation.uses, uses(store));
  log_removable(rotation.uses);
  return rotation;
}

Result<std::vector<MasterKeyUse>> Sealing::uses(Store& store) {
  return store.read([](Reader& reader) { return count(reader); });
}

Result<std::vector<MasterKeyUse>> Sealing::count(Reader& reader) {
  SecretsByKey secrets_by_key;
  MUSTER_TRY(each_of_all(reader, [&](const SecretPlace&, const std::string& text) -> Result<> {
    if (is_sealed(text)) ++secrets_by_key[std::string(key_number_of(text))];
    return {};
  }));
  return uses_of(reader.keyring(), std::move(secrets_by_key));
}

}  // namespace muster
