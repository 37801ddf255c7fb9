// The master key of the databases of the test cluster, which has none of itself as a data directory has.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/crypto/keyring.h"
#include "tests/support/process.h"

namespace muster::test {

inline constexpr const char* kMasterKey = "7465737473207465737473207465737473207465737473207465737473207465";

/// A keyring of these keys, in this order.
inline Keyring keyring_of(const std::vector<std::string>& texts) {
  Keyring keyring;
  for (const auto& text : texts) keyring.add({*MasterKey::parse(text, "the test")});
  return keyring;
}
inline Keyring test_keyring() { return keyring_of({kMasterKey}); }

/// The environment of a server with this command line.
inline Environment with_master_key(const std::vector<std::string>& argv, Environment environment = {}) {
  const auto has = [&](const char* flag) { return std::find(argv.begin(), argv.end(), flag) != argv.end(); };
  if (has("-database") && !has("-master-key-file")) environment.emplace("MUSTER_MASTER_KEY", kMasterKey);
  return environment;
}

}  // namespace muster::test
