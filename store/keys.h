// The keys of the API.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "model/api_key.h"

namespace muster {

class KeyReads {
 public:
  virtual ~KeyReads() = default;

  /// In order of name.
  virtual Result<std::vector<ApiKey>> api_keys() = 0;
  virtual Result<std::optional<ApiKey>> api_key(const KeyId& id) = 0;
  virtual Result<std::optional<ApiKey>> api_key_named(const std::string& name) = 0;
};

/// Of the installation. Each change makes Store::key_revision() grow, but for put_key_use().
class KeyWrites {
 public:
  virtual ~KeyWrites() = default;

  /// In the place of the key of its name, if there is one. Code::not_found when one of its accounts is not there; last_use is
  /// not written.
  virtual Result<> put_api_key(const ApiKey& key) = 0;
  /// False when there is none.
  virtual Result<bool> remove_api_key(const std::string& name) = 0;
  /// Nothing happens when there is no such key any more.
  virtual Result<> put_key_use(const KeyId& id, const KeyUse& use) = 0;
};

}  // namespace muster
