#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"

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
  if (!config && config.error().code == Code::not_found)
    return failure(Code::not_configured, "no server is configured yet",
                   "Run `mdmctl config set -name NAME -api-token TOKEN -server-url URL`");
  if (!config) return failure(config.error());
  if (!show_tokens)
    for (auto& [name, server] : config->servers) server.api_token = masked(server.api_token);
  call.out() << write_json_indented(config->to_json()) << '\n';
  return {};
}

}  // namespace muster::cli
