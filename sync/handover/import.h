// Takes an account over from another server (NanoDEP, MicroMDM): what that knew of it, in one transaction.
//
// What Muster has of the account already is kept, so that the same import a second time changes nothing.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"
#include "sync/accounts/services.h"

namespace muster::sync {

/// What the other server knew. All but `source` may be missing.
struct AccountImport {
  std::string source;                       ///< the other server's name, for the audit and the registry
  std::optional<std::string> token_json{};  ///< the decrypted token
  std::optional<std::string> base_url{};    ///< of the service; none for Apple's default
  std::vector<KeyPair> key_pairs{};         ///< newest first; the last one is the token's
  std::optional<ProfileUuid> assigner{};    ///< what it gave to every device that arrived
  std::vector<ProfileUuid> profiles{};      ///< that devices have from it
  Cursor cursor{};                          ///< in Apple's list of changes
  /// When it last looked for new devices, by Apple's clock: SyncState::taken_over_since.
  std::optional<Time> synced_at{};
};

struct ImportedPart {
  enum class Outcome {
    imported,  ///< or would be
    same,      ///< Muster has it already
    kept,      ///< Muster has something else, and keeps that
    rejected,  ///< it cannot be used
  };
  std::string
      part;  ///< `account`, `token`, `address`, `key pair`, `profile`, `assigner`, `cursor`, `arrivals`
  Outcome outcome = Outcome::imported;
  std::string detail{};  ///< one line; no secret
};
std::string_view word(ImportedPart::Outcome outcome);

struct ImportReport {
  AccountId account{};  ///< none where a preview would make it
  std::vector<ImportedPart> parts{};
  bool applied = false;  ///< something was stored
};

/// Imports it, or with `preview` only says what would be. The token is verified with Apple first, and
/// profiles are read from there. `by`: who asks. The caller restarts the account's lanes. Code::invalid for
/// what cannot be read, Code::conflict if the account has the token of another service, or the service
/// another account; nothing is stored then.
Result<ImportReport> import_account(Store& store, Services& services, const Clock& clock,
                                    const AccountName& name, const AccountImport& given,
                                    const std::string& by, bool preview, std::stop_token stop);

}  // namespace muster::sync
