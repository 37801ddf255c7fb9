// A data directory as a version left it that did not seal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace muster::test {

/// An account with all of its secrets.
struct WholeAccount {
  Account account;
  std::optional<Token> token;
  std::optional<KeyPair> key_pair;
};
std::vector<WholeAccount> accounts_in(Store& store);
/// Those in the directory, which no server uses, opened with this master key; with the directory's own for
/// "".
std::vector<WholeAccount> accounts_in(const std::string& directory, const std::string& key = "");

/// Writes the secrets of these accounts into the directory's database in plain, and makes it one of an
/// earlier version.
void store_in_plain(const std::string& directory, const std::vector<WholeAccount>& accounts);

/// A line from the middle of a private key.
std::string line_of(const std::string& private_key_pem);

}  // namespace muster::test
