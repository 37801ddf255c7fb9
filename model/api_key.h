// A key of the API: who has it may make calls, of some accounts or of all.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

/// What a call needs, and a key has. Each may do what those before it may. Stored as numbers: only append.
enum class Role {
  metrics,  ///< GET /metrics
  read,     ///< what changes nothing, without secrets
  operate,  ///< also syncs, assignments, rules, profiles, lists and notes; the word for it is `operator`
  admin,    ///< also accounts, tokens, keys, backups and the audit
};

inline bool allows(Role has, Role needed) { return has >= needed; }

/// Where a key was used last.
struct KeyUse {
  Time day;  ///< its beginning, UTC
  std::string address;

  friend auto operator<=>(const KeyUse&, const KeyUse&) = default;
};

struct ApiKey {
  std::string name = {};  ///< a plain name (model/text/plain_name.h), for people
  KeyId id = {};
  std::string digest = {};  ///< of its text (model/text/key_text.h), which is stored nowhere
  Role role = Role::read;
  bool is_for_all_accounts = true;
  /// Else those that it is for, in order. None when all of them were removed since: it sees no account then.
  std::vector<AccountName> accounts = {};
  Time created_at{};
  std::string created_by = {};
  std::optional<Time> expires_at = {};
  std::optional<KeyUse> last_use = {};  ///< of another day than the one before, or from another address

  bool sees(const AccountName& account) const {
    return is_for_all_accounts || std::find(accounts.begin(), accounts.end(), account) != accounts.end();
  }

  friend bool operator==(const ApiKey&, const ApiKey&) = default;
};

}  // namespace muster
