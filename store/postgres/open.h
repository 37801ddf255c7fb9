// The store on PostgreSQL: a database that any number of servers share.
#pragma once

#include <memory>
#include <string>

#include "base/crypto/keyring.h"
#include "base/result.h"
#include "store/store.h"

namespace muster::postgres {

struct Options {
  /// As libpq reads it: postgresql://USER@HOST,HOST/DATABASE?..., or key=value pairs.
  std::string url{};
  Keyring keyring{};        ///< of the secrets; all servers of the database have the same
  size_t connections = 20;  ///< at most so many at a time
  Millis statement_limit{60'000};
};

/// Code::invalid when libpq cannot read it. The message has nothing of it: there may be a password.
Result<> check_url(const std::string& url);
/// Database and servers of a URL, without secrets.
std::string place_of(const std::string& url);

/// Connects, brings the schema up to date and seals what is in plain; of several servers that start at once,
/// one does. Code::not_configured when a master key is missing, and names it; Code::conflict when a living
/// server has other keys. Code::conflict when the schema is newer than this program knows; Code::invalid when
/// the server is too old or the database has another encoding than UTF-8; Code::storage when it cannot be
/// reached, or the role lacks a privilege.
Result<std::unique_ptr<Store>> open(const Options& options);

}  // namespace muster::postgres
