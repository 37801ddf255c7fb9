// Makes and changes keys of the API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace muster::sync {

/// Maximum number of keys.
inline constexpr size_t kMostApiKeys = 1000;

/// What is not given stays as it is; of a new key: all accounts, without an end.
struct ApiKeyChange {
  std::optional<Role> role;  ///< required for a new key
  /// Those that it is for. An empty list stands for all.
  std::optional<std::vector<AccountName>> accounts;
  /// From now on; 0 for ever.
  std::optional<Millis> expires_in;
  bool new_text = false;  ///< the old text is worth nothing any more
  std::string by;         ///< who asks, for ApiKey::created_by
};

struct AppliedApiKey {
  ApiKey key;
  bool created = false;
  std::string text;  ///< of a new key, or a new text; it can never be had again
};

/// Creates the key, or changes the one of this name. Code::invalid without a role for a new key,
/// Code::not_found for an unknown account, Code::conflict when there are too many.
Result<AppliedApiKey> apply_api_key(Store& store, const std::string& name, const ApiKeyChange& change,
                                    Time now);

/// Code::not_found when there is none.
Result<> remove_api_key(Store& store, const std::string& name);

}  // namespace muster::sync
