// An account: one "device management service" of Apple's portal, with its own token.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "model/ids.h"

namespace muster {

/// The server token of Apple's portal: OAuth 1.0a credentials. All but consumer_key and expiry are secrets.
struct Token {
  std::string consumer_key;
  std::string consumer_secret;
  std::string access_token;
  std::string access_secret;
  std::optional<Time> access_token_expiry;

  friend bool operator==(const Token&, const Token&) = default;
};

/// The pair whose certificate is uploaded to the portal, and whose key opens the token that comes back.
struct KeyPair {
  std::string certificate_pem;
  std::string private_key_pem;
};

/// What Apple says of the account (`GET /account`): the parts we act on, and all of it as text.
struct AppleAccount {
  std::string server_name;
  std::string server_uuid;  ///< the service's stable identity: tells another service's token
  std::string org_name;
  std::string admin_id;
  int page_limit = 1000;  ///< the most devices a page may have: `urls[].limit.maximum`; 1000 when not said
  std::string json;       ///< the whole answer as Apple wrote it
};

struct Account {
  AccountId id{};
  AccountName name;
  std::string base_url;  ///< of Apple's service; "" for Apple's own
  bool paused = false;   ///< a person wants no calls to Apple for it but those they make themselves
  std::optional<Token> token;
  std::optional<KeyPair> key_pair;
  std::optional<AppleAccount> apple;  ///< of the last good `GET /account`
};

/// How far the list of devices has been read, and when it is to be read anew.
struct SyncState {
  enum class Phase { fetch, sync };
  Phase phase = Phase::fetch;
  Cursor cursor;  ///< for the next call of the phase; empty: from the beginning
  /// The account's first fetch ran to its end: what is new from now on has arrived.
  bool baseline_done = false;
  /// When the full list is to be read again (reconcile). None: not before the list was read once.
  std::optional<Time> next_full;
  /// How often in a row Apple refused or repeated a cursor, with no good end of a run between.
  int cursor_troubles = 0;
  /// No full list for the sake of a refused cursor before this.
  std::optional<Time> refetch_not_before;

  friend bool operator==(const SyncState&, const SyncState&) = default;
};

/// How the last run ended, as people see it.
struct RunRecord {
  std::optional<Time> last_success;
  std::optional<Time> last_attempt;
  std::string last_error;  ///< "" after a success
};

}  // namespace muster
