// Configuration of `muster serve`: flags, environment, defaults.
#pragma once

#include <string>
#include <vector>

#include "assign/arrival.h"
#include "base/crypto/keyring.h"
#include "base/log/log.h"
#include "base/result.h"
#include "base/time/clock.h"
#include "http/server/proxies.h"
#include "http/url.h"
#include "model/rule.h"

namespace muster::app {

struct Config {
  std::string directory = "/var/lib/muster";
  std::string
      database;  ///< of PostgreSQL, as libpq reads it; may hold a password. "" for SQLite in `directory`
  long long database_connections = 20;
  std::string server_name;  ///< of this one among those of the database; the host's unless set
  /// Among several servers the database's clock counts. False where a test moves ours.
  bool follows_database_clock = true;
  std::string api_key;  ///< that of a flag, a file or systemd: in no table, and may do everything
  Keyring master_keys;  ///< empty: the data directory's own
  http::Address address;
  bool tls = true;
  std::string tls_certificate;
  std::string tls_key;
  http::Proxies proxies;  ///< in front of this server
  std::string server_url;
  std::string depsim;  ///< base URL of a simulator; "" for Apple
  Millis sync_interval = std::chrono::minutes(2);
  Millis reconcile_interval = std::chrono::hours(24);
  Millis history_retention = std::chrono::days(400);  ///< 0: forever
  Millis apple_timeout = std::chrono::minutes(1);     ///< to the first byte of an answer
  long long rule_limit = Rule::kUsualLimit;           ///< rules that an account may have
  long long disown_limit = 100;  ///< devices that an account may release from the organisation in 24 hours
  assign::ArrivalPolicy arrivals = assign::ArrivalPolicy::by_state;
  std::string webhook_url;  ///< "" for none
  std::string webhook_key;
  bool allows_private_webhooks = false;
  long long connection_limit = 1024;         ///< of all clients
  long long address_connection_limit = 256;  ///< of the clients of one address
  long long request_limit = 500;             ///< a second, of an API key from an address; 0 for none
  log::Level log_level = log::Level::info;
};

/// Reads the flags of `muster serve`. Code::invalid names every flag that is wrong, and the remedy;
/// Code::cancelled carries the manual.
Result<Config> read_config(const std::vector<std::string>& args);

}  // namespace muster::app
