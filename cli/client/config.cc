#include "cli/client/config.h"

#include <sys/stat.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/os/files.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/text/text_file.h"
#include "cli/output/fields.h"
#include "http/url.h"
#include "model/text/ids_text.h"

namespace muster::cli {
namespace {

constexpr size_t kFileLimit = 1 << 20;  // bytes; a server takes about 200
constexpr const char* kHowToSet = "Run `mdmctl config set -name NAME -api-token TOKEN -server-url URL`";

Result<Config> config_of(const boost::json::value& document) {
  const auto* root = document.if_object();
  const auto* servers = root ? root->if_contains("servers") : nullptr;
  const bool is_empty = document.is_null() || (root && (!servers || servers->is_null()));
  if (!is_empty && (!servers || !servers->is_object()))
    return failure(Code::invalid, "it has no object \"servers\"",
                   "Correct it, or remove it and start anew: " + std::string(kHowToSet));
  Config config;
  if (root) config.active = text_of(*root, "active");
  if (is_empty) return config;
  for (const auto& member : servers->get_object()) {
    const auto* server = member.value().if_object();
    if (!server)
      return failure(Code::invalid, "the server \"" + std::string(member.key()) + "\" is not an object");
    config.servers[std::string(member.key())] = {.api_token = text_of(*server, "api_token"),
                                                 .server_url = text_of(*server, "server_url"),
                                                 .skip_verify = is_true(*server, "skip_verify")};
  }
  return config;
}

}  // namespace

boost::json::value Config::to_json() const {
  boost::json::object all;
  for (const auto& [name, server] : servers)
    all[name] = {{"api_token", server.api_token},
                 {"server_url", server.server_url},
                 {"skip_verify", server.skip_verify}};
  return {{"active", active}, {"servers", std::move(all)}};
}

Result<ConfigFile> ConfigFile::of_home(const Environment& environment) {
  const std::string home = environment.variable("HOME");
  if (home.empty())
    return failure(Code::not_configured,
                   "the variable HOME is not set, so there is no place for .micromdm/servers.json",
                   "Set HOME, or set MDMCTL_SERVER_URL and MDMCTL_API_TOKEN");
  return ConfigFile(home + "/.micromdm/servers.json");
}

Result<Config> ConfigFile::load() const {
  MUSTER_TRY(auto bytes, read_file(path_, kFileLimit));
  auto text = text_of_file(std::move(bytes));
  if (!text) return failure(text.error().while_doing(path_));
  if (trim(*text).empty()) return Config{};
  const auto document = parse_json(*text);
  if (!document) return failure(document.error().while_doing(path_));
  auto config = config_of(*document);
  if (!config) return failure(config.error().while_doing(path_));
  return config;
}

Result<> ConfigFile::save(const Config& config) const {
  const std::string directory = std::filesystem::path(path_).parent_path();
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return failure(Code::invalid, "cannot make the directory " + directory + ": " + std::strerror(errno));
  return write_file(path_, write_json_indented(config.to_json()) + "\n", 0600);
}

Result<std::string> server_url_of(const std::string& typed) {
  if (typed.empty()) return failure(Code::invalid, "bad input: server-url must be provided");
  const std::string url(trim_pasted(typed));
  return http::parse_base_url(url.find("://") == std::string::npos ? "https://" + url : url);
}

Result<ServerConfig> active_server(const Environment& environment) {
  const std::string url = environment.variable("MDMCTL_SERVER_URL");
  const std::string token(trim_pasted(environment.variable("MDMCTL_API_TOKEN")));
  if (!url.empty() && !token.empty()) {
    auto checked = server_url_of(url);
    if (!checked) return failure(checked.error().while_doing("MDMCTL_SERVER_URL"));
    return ServerConfig{.api_token = token, .server_url = *checked};
  }
  // Half of it from here and half from the file would send a key to a server it was not made for.
  if (!url.empty() || !token.empty())
    return failure(Code::not_configured,
                   url.empty() ? "MDMCTL_API_TOKEN is set, but MDMCTL_SERVER_URL is not"
                               : "MDMCTL_SERVER_URL is set, but MDMCTL_API_TOKEN is not",
                   "Set both, or neither to use the saved servers");

  MUSTER_TRY(const auto file, ConfigFile::of_home(environment));
  const auto config = file.load();
  if (!config && config.error().code == Code::not_found)
    return failure(Code::not_configured, "no server is configured yet", kHowToSet);
  if (!config) return failure(config.error());
  if (config->servers.empty()) return failure(Code::not_configured, "no server is configured yet", kHowToSet);
  const auto found = config->servers.find(config->active);
  if (found == config->servers.end())
    return failure(Code::not_configured,
                   file.path() + " has no server named \"" + config->active + "\", which is the active one",
                   "Run `mdmctl config switch -name NAME`, or add it by `mdmctl config set`");
  ServerConfig server = found->second;
  auto checked = server_url_of(server.server_url);
  if (!checked)
    return failure(checked.error().while_doing(file.path() + ": server \"" + config->active + "\""));
  server.server_url = *checked;
  return server;
}

}  // namespace muster::cli
