#include "app/config.h"

#include <unistd.h>

#include <algorithm>
#include <climits>

#include "app/credential.h"
#include "app/master_keys.h"
#include "base/os/files.h"
#include "base/text/flags.h"
#include "base/text/strings.h"
#include "http/ip_network.h"
#include "store/postgres/open.h"

namespace muster::app {
namespace {

// A run asks Apple at least once; faster than this only loads Apple and us.
constexpr Millis kShortestInterval = std::chrono::seconds(10);
constexpr Millis kLongestInterval = std::chrono::days(1);
constexpr Millis kShortestTimeout = std::chrono::seconds(1);
constexpr Millis kLongestTimeout = std::chrono::minutes(1);  // what apple/session/session.cc allows anyway
// The full list has as many pages as there are thousands of devices.
constexpr Millis kShortestReconcile = std::chrono::hours(1);
constexpr Millis kLongestReconcile = std::chrono::days(30);
// Repairs of the last day are counted in it (sync/work/desired.cc).
constexpr Millis kShortestRetention = std::chrono::days(2);
// Fewer would reject one console with its requests side by side; more need more descriptors than systemd
// gives by default.
constexpr long long kFewestConnections = 16;
constexpr long long kMostConnections = 100'000;
// The work of an account needs two at a time, and calls of the API some.
constexpr long long kFewestDatabaseConnections = 4;
constexpr long long kMostDatabaseConnections = 200;
constexpr long long kMostRequests = 1'000'000;
// A key that is shorter can be guessed.
constexpr size_t kShortestKey = 8;

// -http-addr is $MUSTER_HTTP_ADDR, or the name micromdm had for it.
std::vector<std::string> variables(std::string flag) {
  std::replace(flag.begin(), flag.end(), '-', '_');
  const std::string name = to_upper(flag);
  return {"MUSTER_" + name, "MICROMDM_" + name};
}

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  return ::gethostname(name, sizeof name - 1) == 0 && name[0] ? name : "muster";
}

class Problems {
 public:
  void add(std::string message) { text_ += (text_.empty() ? "" : "\n") + std::move(message); }
  template <class T>
  void add_if_failed(const char* flag, const Result<T>& result) {
    if (!result) add(std::string(flag) + ": " + result.error().text());
  }
  Result<> result() const {
    if (text_.empty()) return {};
    return failure(Code::invalid, text_);
  }

 private:
  std::string text_;
};

Result<log::Level> parse_level(const std::string& text) {
  if (text == "debug") return log::Level::debug;
  if (text == "info") return log::Level::info;
  if (text == "warn") return log::Level::warn;
  if (text == "error") return log::Level::error;
  return failure(Code::invalid, "unknown level \"" + text + "\"; use debug, info, warn or error");
}

// Flags of MicroMDM's and NanoDEP's servers, and what stands for them here.
struct ForeignFlag {
  std::string_view name;
  bool is_boolean;
  std::string_view answer;
};
constexpr std::string_view kNotOurs = "it is for what an MDM server does; leave it out";
constexpr std::string_view kNotNeeded = "Muster does not need it; leave it out";
constexpr ForeignFlag kForeignFlags[] = {
    {"filerepo", false, kNotOurs},
    {"command-webhook-url", false,
     "it is for what an MDM server does; Muster reports account states to -webhook-url"},
    {"http-debug", true, "use -log-level debug"},
    {"http-proxy-headers", true, kNotNeeded},
    {"homepage", true, kNotOurs},
    {"no-command-history", true, kNotOurs},
    {"use-dyn-challenge", true, kNotOurs},
    {"gen-dyn-challenge", true, kNotOurs},
    {"validate-scep-issuer", true, kNotOurs},
    {"validate-scep-expiration", true, kNotOurs},
    {"udid-cert-auth-warn-only", true, kNotOurs},
    {"scep-client-validity", false, kNotOurs},
    {"log-time", true, "every line of the log has its time; leave it out"},
    {"print-flags", true, "use -help"},
    {"examples", true, "use -help"},
    {"dm", false, kNotOurs},
    {"queue", false, kNotOurs},
    {"apns-cert", false, kNotOurs},
    {"apns-key", false, kNotOurs},
    {"apns-password", false, kNotOurs},
    {"api", false, "use -api-key"},
    {"listen", false, "use -http-addr"},
    {"storage", false, "use -config-path for the directory of the database, or -database for PostgreSQL"},
    {"storage-dsn", false, "use -config-path for the directory of the database, or -database for PostgreSQL"},
    {"dsn", false, "use -config-path for the directory of the database, or -database for PostgreSQL"},
    {"storage-options", false, kNotNeeded},
    {"debug", true, "use -log-level debug"},
    {"duration", false, "use -sync-interval"},
    {"limit", false, "Muster asks for full pages; leave it out"},
    {"version", true, "run `muster version`"},
};

// Reports the flags of other servers, each once, and gives the other arguments.
std::vector<std::string> without_foreign_flags(const std::vector<std::string>& args, Problems& problems) {
  std::vector<std::string> own;
  for (size_t i = 0; i < args.size(); ++i) {
    const size_t begin = args[i].find_first_not_of('-');
    const bool is_flag = begin == 1 || begin == 2;
    const std::string name = is_flag ? args[i].substr(begin, args[i].find('=') - begin) : "";
    const auto* foreign = std::find_if(std::begin(kForeignFlags), std::end(kForeignFlags),
                                       [&](const ForeignFlag& flag) { return flag.name == name; });
    if (foreign == std::end(kForeignFlags)) {
      own.push_back(args[i]);
      continue;
    }
    problems.add("-" + name + " is a flag of another server: " + std::string(foreign->answer));
    const bool has_value = args[i].find('=') != std::string::npos;
    if (!foreign->is_boolean && !has_value && i + 1 < args.size()) ++i;
  }
  return own;
}

// Without TLS, keys would cross the network as they are. An address without a host is loopback's then.
Result<> keep_on_loopback(http::Address& address) {
  if (address.host.empty()) address.host = "127.0.0.1";
  const auto ip = http::parse_ip(address.host);
  if (address.host == "localhost" || (ip && http::is_loopback(*ip))) return {};
  return failure(
      Code::invalid,
      "without TLS the server listens on loopback only, and " + address.host + " is not loopback",
      "Set -tls-cert and -tls-key; or, if a proxy in front does TLS, its address with -behind-proxy");
}

// The key itself, or that of a file; without both, of the file that systemd gives as the credential
// "api-key". "" for none.
Result<std::string> api_key_of(const std::string& key, const std::string& file) {
  constexpr size_t kLimit = 4096;  // bytes
  if (!key.empty()) return key;
  if (!file.empty()) return read_file(file, kLimit);
  MUSTER_TRY(auto credential, read_credential("api-key", kLimit));
  return credential ? std::move(credential->text) : std::string();
}

}  // namespace

Result<Config> read_config(const std::vector<std::string>& args) {
  Config config;
  std::string address, proxies, api_key_file, master_key_files, level = "info", arrivals = "by-state";
  FlagSet flags("muster serve",
                "Keeps an organisation's Apple devices assigned to the right enrollment profile.");
  const auto with_env = [](FlagSet::Flag& flag) { flag.env(variables(flag.name)); };
  with_env(flags.add("config-path", &config.directory, "data directory", "dir"));
  with_env(
      flags.add("database", &config.database,
                "use this PostgreSQL database instead of the data directory: postgresql://USER@HOST/NAME; "
                "prefer MUSTER_DATABASE if it has a password",
                "url"));
  with_env(flags.add("database-connections", &config.database_connections,
                     "connections to the PostgreSQL database; 4 to 200"));
  with_env(flags.add("server-name", &config.server_name,
                     "this server's name among those of the database; the host's name unless set", "name"));
  with_env(flags.add(
      "api-key", &config.api_key,
      "key for mdmctl and the API, at least 8 characters; prefer MUSTER_API_KEY, since other users can read "
      "flags"));
  with_env(flags.add("api-key-file", &api_key_file, "file with that key, instead of -api-key", "file"));
  with_env(
      flags
          .add(
              "master-key-file", &master_key_files,
              "file with master keys, which seal the secrets in the database; the first one seals, all open; "
              "may be repeated; or set MUSTER_MASTER_KEY",
              "file")
          .add_up());
  FlagSet::Flag& http_addr = flags.add("http-addr", &address, "listen address", "host:port");
  http_addr.default_value = ":443, or :8080 without TLS";
  with_env(http_addr);
  with_env(flags.add("tls", &config.tls, "serve HTTPS; -tls=false on loopback, or behind a proxy"));
  with_env(flags.add("tls-cert", &config.tls_certificate, "PEM file: certificate and chain", "file"));
  with_env(flags.add("tls-key", &config.tls_key, "PEM file: private key", "file"));
  with_env(flags.add("behind-proxy", &proxies,
                     "addresses or networks of the proxies in front, whose X-Forwarded-For is believed",
                     "addresses"));
  with_env(flags.add("server-url", &config.server_url, "URL at which clients reach this server", "url"));
  with_env(flags.add("depsim", &config.depsim, "use the simulator at this URL instead of Apple", "url"));
  with_env(flags.add("sync-interval", &config.sync_interval,
                     "interval between reads of changes, ±10 %; 10s to 1d"));
  with_env(flags.add("reconcile-interval", &config.reconcile_interval,
                     "interval between reads of the full list; 1h to 30d"));
  with_env(flags.add("history-retention", &config.history_retention,
                     "time for which the history of devices is kept; at least 2d, or 0s for ever"));
  with_env(flags.add("apple-timeout", &config.apple_timeout,
                     "time limit for the first byte of Apple's answer; twice that for all of it; 1s to 1m"));
  with_env(flags.add("rule-limit", &config.rule_limit, "rules per account; 1 to 10000"));
  with_env(flags.add("disown-limit", &config.disown_limit,
                     "devices that an account may release from the organisation in 24 hours; 0 for none"));
  with_env(flags.add("arrivals", &arrivals, "which devices arrive, by-state or added-only", "rule"));
  with_env(flags.add("webhook-url", &config.webhook_url, "send account events to this URL", "url"));
  with_env(flags.add("webhook-key", &config.webhook_key, "key that signs events; prefer MUSTER_WEBHOOK_KEY"));
  with_env(flags.add("webhook-allow-private", &config.allows_private_webhooks,
                     "let webhooks reach private addresses: this machine and the networks that it is in"));
  with_env(flags.add("connection-limit", &config.connection_limit, "connections in total"));
  with_env(flags.add("address-connection-limit", &config.address_connection_limit,
                     "connections per client address; not for those of -behind-proxy"));
  with_env(flags.add("request-limit", &config.request_limit,
                     "requests per second of an API key from one address, in the long run; 0 for no limit"));
  with_env(flags.add("log-level", &level, "debug, info, warn or error", "level"));
  Problems problems;
  const auto own_args = without_foreign_flags(args, problems);
  const auto parsed_flags = flags.parse(own_args);
  if (!parsed_flags && parsed_flags.error().code == Code::cancelled) return failure(parsed_flags.error());
  if (!parsed_flags) problems.add(parsed_flags.error().text());
  const auto rest = parsed_flags.value_or(std::vector<std::string>());
  if (!rest.empty()) problems.add("unexpected argument \"" + rest.front() + "\"");
  if (!config.api_key.empty() && !api_key_file.empty())
    problems.add("-api-key and -api-key-file both give the key: leave out one");
  const auto given_key = api_key_of(config.api_key, api_key_file);
  problems.add_if_failed("-api-key-file", given_key);
  config.api_key = trim(given_key.value_or(""));  // without the line end of the file that it came from
  if (given_key && config.api_key.empty())
    problems.add(
        "-api-key is missing. Generate a key, for example with `openssl rand -hex 24`, and set -api-key, "
        "MUSTER_API_KEY or -api-key-file");
  else if (given_key && config.api_key.size() < kShortestKey)
    problems.add("-api-key is too short: use at least " + std::to_string(kShortestKey) + " characters");
  const auto keys = read_master_keys(master_key_files);
  problems.add_if_failed("-master-key-file", keys);
  if (keys) config.master_keys = *keys;
  if (config.directory.empty()) problems.add("-config-path must not be empty");
  if (!config.database.empty()) problems.add_if_failed("-database", postgres::check_url(config.database));
  if (config.server_name.empty()) config.server_name = host_name();
  if (config.database_connections < kFewestDatabaseConnections ||
      config.database_connections > kMostDatabaseConnections)
    problems.add("-database-connections must be between " + std::to_string(kFewestDatabaseConnections) +
                 " and " + std::to_string(kMostDatabaseConnections));

  const auto known_proxies = http::Proxies::parse(proxies);
  problems.add_if_failed("-behind-proxy", known_proxies);
  if (known_proxies) config.proxies = *known_proxies;
  const auto parsed = http::parse_address(address.empty() ? (config.tls ? ":443" : ":8080") : address);
  problems.add_if_failed("-http-addr", parsed);
  if (parsed) config.address = *parsed;
  if (parsed && known_proxies && !config.tls && config.proxies.are_none())
    problems.add_if_failed("-http-addr", keep_on_loopback(config.address));
  if (config.tls && (config.tls_certificate.empty() || config.tls_key.empty()))
    problems.add(
        "-tls requires -tls-cert FILE and -tls-key FILE. On loopback, or behind a proxy that does TLS "
        "(-behind-proxy), use -tls=false");

  if (!config.server_url.empty())
    problems.add_if_failed("-server-url", http::parse_base_url(config.server_url));
  if (!config.depsim.empty()) {
    const auto url = http::parse_base_url(config.depsim);
    problems.add_if_failed("-depsim", url);
    if (url) config.depsim = *url;
  }
  if (!config.webhook_url.empty())
    problems.add_if_failed("-webhook-url", http::check_url(config.webhook_url));
  if (!config.webhook_key.empty() && config.webhook_url.empty())
    problems.add("-webhook-key requires -webhook-url");
  if (config.sync_interval < kShortestInterval || config.sync_interval > kLongestInterval)
    problems.add("-sync-interval must be between " + format_duration(kShortestInterval) + " and " +
                 format_duration(kLongestInterval));
  if (config.reconcile_interval < kShortestReconcile || config.reconcile_interval > kLongestReconcile)
    problems.add("-reconcile-interval must be between " + format_duration(kShortestReconcile) + " and " +
                 format_duration(kLongestReconcile));
  if (config.history_retention != Millis{} && config.history_retention < kShortestRetention)
    problems.add("-history-retention must be at least " + format_duration(kShortestRetention) +
                 ", or 0s to keep all of it");
  if (config.apple_timeout < kShortestTimeout || config.apple_timeout > kLongestTimeout)
    problems.add("-apple-timeout must be between " + format_duration(kShortestTimeout) + " and " +
                 format_duration(kLongestTimeout));
  if (config.connection_limit < kFewestConnections || config.connection_limit > kMostConnections)
    problems.add("-connection-limit must be between " + std::to_string(kFewestConnections) + " and " +
                 std::to_string(kMostConnections));
  if (config.address_connection_limit < kFewestConnections ||
      config.address_connection_limit > config.connection_limit)
    problems.add("-address-connection-limit must be between " + std::to_string(kFewestConnections) +
                 " and -connection-limit, " + std::to_string(config.connection_limit));
  if (config.request_limit < 0 || config.request_limit > kMostRequests)
    problems.add("-request-limit must be between 0 and " + std::to_string(kMostRequests));
  if (config.rule_limit < 1 || config.rule_limit > static_cast<long long>(Rule::kHighestLimit))
    problems.add("-rule-limit must be between 1 and " + std::to_string(Rule::kHighestLimit));
  if (config.disown_limit < 0) problems.add("-disown-limit must not be negative");
  if (arrivals == "added-only")
    config.arrivals = assign::ArrivalPolicy::added_only;
  else if (arrivals != "by-state")
    problems.add("-arrivals: \"" + arrivals + "\" is neither by-state nor added-only");
  const auto parsed_level = parse_level(level);
  problems.add_if_failed("-log-level", parsed_level);
  if (parsed_level) config.log_level = *parsed_level;

  MUSTER_TRY(problems.result());
  return config;
}

}  // namespace muster::app
