// Where the servers are, kept in ~/.micromdm/servers.json in the form that MicroMDM's own mdmctl reads and
// writes:
//
//   {"active":"NAME","servers":{"NAME":{"api_token":"...","server_url":"...","skip_verify":false}}}
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>

#include "base/result.h"
#include "cli/client/environment.h"

namespace muster::cli {

struct ServerConfig {
  std::string api_token;
  std::string server_url;    ///< http:// or https://, without a slash at the end
  bool skip_verify = false;  ///< do not check the server's certificate

  friend bool operator==(const ServerConfig&, const ServerConfig&) = default;
};

struct Config {
  std::string active;  ///< the name of the server that commands go to
  std::map<std::string, ServerConfig> servers;

  boost::json::value to_json() const;
};

class ConfigFile {
 public:
  /// The file of the person whose HOME is in the environment; it need not exist.
  static Result<ConfigFile> of_home(const Environment& environment);

  /// Code::not_found when there is none yet, Code::invalid with the place when it is not of that form.
  Result<Config> load() const;
  /// Replaces the file, mode 0600; makes its directory, mode 0700, when it is missing.
  Result<> save(const Config& config) const;

  const std::string& path() const { return path_; }

 private:
  explicit ConfigFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// A URL as people type it: `https://` is added when there is no scheme. Code::invalid when it is none.
Result<std::string> server_url_of(const std::string& typed);

/// The server to talk to: MDMCTL_SERVER_URL and MDMCTL_API_TOKEN when both are set, else the file's active
/// one. Code::not_configured, with how to remedy it, when there is none.
Result<ServerConfig> active_server(const Environment& environment);

}  // namespace muster::cli
