// The keys of the API, and sessions of the console that ended before their time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/api_key.h"

namespace muster {

/// So many ended sessions are known at once: each is forgotten when its time is over.
inline constexpr long long kMostEndedSessions = 100'000;

class KeyReads {
 public:
  virtual ~KeyReads() = default;

  /// In order of name.
  virtual Result<std::vector<ApiKey>> api_keys() = 0;
  virtual Result<std::optional<ApiKey>> api_key(const KeyId& id) = 0;
  virtual Result<std::optional<ApiKey>> api_key_named(const std::string& name) = 0;
  /// Whether end_session() was called for it, and its time was not over then.
  virtual Result<bool> has_ended(const std::string& session) = 0;
};

Error too_many_ended_sessions();

/// Of the installation. Each change makes Store::key_revision() grow, but for put_key_use().
class KeyWrites {
 public:
  virtual ~KeyWrites() = default;

  /// In the place of the key of its name, if there is one. Code::not_found when one of its accounts is not
  /// there; last_use is not written.
  virtual Result<> put_api_key(const ApiKey& key) = 0;
  /// False when there is none.
  virtual Result<bool> remove_api_key(const std::string& name) = 0;
  /// Nothing happens when there is no such key any more.
  virtual Result<> put_key_use(const KeyId& id, const KeyUse& use) = 0;
  /// Somebody signed out. `session`: a digest of its text, so that what is stored is of no use; `until`: when
  /// it would have ended by itself. Forgets those for which that is over at `now`. Code::conflict when
  /// kMostEndedSessions are known.
  virtual Result<> end_session(const std::string& session, Time until, Time now) = 0;
};

}  // namespace muster
