// An account: one "device management service" of Apple's portal, with its own token.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

/// What is no secret of a token.
struct TokenInfo {
  std::string consumer_key;
  std::optional<Time> access_token_expiry;

  friend bool operator==(const TokenInfo&, const TokenInfo&) = default;
};

/// The server token of Apple's portal: OAuth 1.0a credentials. All but its info() is secret.
struct Token {
  std::string consumer_key;
  std::string consumer_secret;
  std::string access_token;
  std::string access_secret;
  std::optional<Time> access_token_expiry;

  TokenInfo info() const { return {consumer_key, access_token_expiry}; }

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

  friend bool operator==(const AppleAccount&, const AppleAccount&) = default;
};

struct Account {
  AccountId id{};
  AccountName name;
  std::string base_url;  ///< of Apple's service; "" for Apple's own
  bool paused = false;   ///< an operator wants no calls to Apple for it but those they make themselves
  /// A device that replaces another one takes over what operators noted and decided of that
  /// (docs/replacements.md).
  bool inherit_replacements = false;
  std::optional<TokenInfo> token;
  std::optional<AppleAccount> apple;  ///< of the last good `GET /account`
  ServerId worker{};    ///< the server that works it; 0 for none, and with a store of one server
  long long epoch = 0;  ///< grows whenever another server works it, and with each token
  std::optional<Millis> clock_offset;  ///< our clock minus Apple's, as last learnt from an answer's `Date`

  /// A moment of our clock by Apple's: for what is compared with Apple's dates.
  Time apple_time(Time ours) const { return ours - clock_offset.value_or(Millis(0)); }
};

/// How far Apple's two lists of an account have been read. Each has a position of its own: trouble with one
/// never moves the other.
struct SyncState {
  // The list of changes.
  Cursor changes;  ///< for the next call; empty: none, a full list that is read completely gives one
  /// How often in a row Apple rejected or repeated this cursor, with no good answer in between.
  int cursor_troubles = 0;
  /// No full list for the sake of a rejected cursor before this.
  std::optional<Time> refetch_not_before;

  // The full list.
  /// Where the one in progress continues; empty: from its beginning. When none is in progress: behind the
  /// last one's end, to be used if the cursor for changes is rejected.
  Cursor list;
  bool list_under_way = false;     ///< a full list was begun and not ended
  long long list_number = 0;       ///< of the one in progress, or else of the last one
  std::optional<Time> list_began;  ///< by Apple's clock: its rows are not newer than that
  /// When the next one begins, where none is in progress. None: not before the first was read.
  std::optional<Time> next_list;
  /// The first full list was complete.
  bool baseline_done = false;
  /// When the first full list began, by Apple's clock: devices assigned to the service since then have
  /// arrived.
  std::optional<Time> baseline_began;
  /// Another server had the account before (sync/handover/import.h), and may not have seen what was assigned
  /// to the service since then, by Apple's clock: such a device has arrived, if it has no profile.
  std::optional<Time> taken_over_since;
  /// More devices than can be believed were missing from a full list, at this moment: nothing is done about
  /// them before a later list agrees.
  std::optional<Time> many_missing_since;
  long long many_missing = 0;  ///< how many; 0 when there is no such doubt

  friend bool operator==(const SyncState&, const SyncState&) = default;
};

/// How the last run ended, as shown to users.
struct RunRecord {
  std::optional<Time> last_success;
  std::optional<Time> last_attempt;
  std::string last_error;  ///< "" after a success
};

}  // namespace muster
