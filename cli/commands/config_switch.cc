#include <fmt/format.h>

#include "cli/client/call.h"
#include "cli/commands/commands.h"

namespace muster::cli {

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
