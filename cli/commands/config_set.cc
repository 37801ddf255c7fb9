#include "cli/client/call.h"
#include "cli/commands/commands.h"

namespace muster::cli {

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

}  // namespace muster::cli
