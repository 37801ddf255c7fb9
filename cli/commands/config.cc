#include <fmt/format.h>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "model/text/ids_text.h"

namespace muster::cli {

namespace {

// Enough to tell two keys apart, and of a short one nothing: four letters of six would be most of it.
std::string masked(const std::string& token) {
  constexpr size_t kShown = 4;
  constexpr size_t kLongEnough = 12;
  if (token.empty()) return {};
  return token.size() < kLongEnough ? "****" : "****" + token.substr(token.size() - kShown);
}

}  // namespace

Result<> config_print(Call& call) {
  bool show_tokens = false;
  auto flags = call.flags();
  flags.add("v", &show_tokens, "show the API keys whole, not their last four characters only");
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(const auto file, call.config_file());
  auto config = file.load();
  if ((!config && config.error().code == Code::not_found) || (config && config->servers.empty()))
    return failure(Code::not_configured, "no server is configured yet",
                   "Run `mdmctl config set -name NAME -api-token TOKEN -server-url URL`");
  if (!config) return failure(config.error());
  if (!show_tokens)
    for (auto& [name, server] : config->servers) server.api_token = masked(server.api_token);
  call.out() << write_json_indented(config->to_json()) << '\n';
  return {};
}

Result<> config_set(Call& call) {
  std::string name, url;
  ServerConfig server;
  auto flags = call.flags();
  flags.add("name", &name, "name of the server, your choice", "NAME");
  flags.add("api-token", &server.api_token, "API key of the server", "TOKEN");
  flags.add("server-url", &url, "address of the server, e.g. https://muster.example.org", "URL");
  flags.add("skip-verify", &server.skip_verify, "do not check the server's certificate (insecure)");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "name must be provided");
  server.api_token = trim_pasted(server.api_token);  // a file's line end, above all
  if (server.api_token.empty()) return call.misuse(flags, "api-token must be provided");
  MUSTER_TRY(server.server_url, server_url_of(url));

  MUSTER_TRY(const auto file, call.config_file());
  auto config = file.load();
  if (!config && config.error().code == Code::not_found) config = Config{};
  if (!config) return failure(config.error());
  config->servers[name] = server;
  config->active = name;
  return file.save(*config);
}

Result<> config_switch(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the server to switch to", "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "name must be provided");

  MUSTER_TRY(const auto file, call.config_file());
  auto config = file.load();
  if (!config && config.error().code == Code::not_found) config = Config{};
  if (!config) return failure(config.error());
  if (!config->servers.contains(name)) {
    std::string known;
    for (const auto& [other, server] : config->servers) known += (known.empty() ? "" : ", ") + other;
    return failure(
        Code::not_found, fmt::format("no server named \"{}\" found", name),
        known.empty() ? "None is saved yet: add it by `mdmctl config set`" : "Saved are: " + known);
  }
  config->active = name;
  return file.save(*config);
}

}  // namespace muster::cli
