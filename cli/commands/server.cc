// The server as such: the servers that share its database, and its master keys.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/ago.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

std::string use_of(const boost::json::object& key) {
  if (is_true(key, "seals")) return "seals new secrets";
  return is_true(key, "removable") ? "can be removed" : "still needed";
}

}  // namespace

Result<> get_servers(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/servers"));
  const auto servers = objects_of(answer, "servers");
  if (format == "json") {
    call.out() << write_json_indented(to_array(servers)) << '\n';
    return {};
  }
  const std::string now = text_of(answer, "now");
  Table table(call.out(), {"Server", "State", "Accounts", "LastHeartbeat", "Started", "Version"});
  if (call.has_colour()) table.colour(1);
  for (const auto* one : servers)
    table.add({text_of(*one, "name"), text_of(*one, "state"), text_of(*one, "accounts"),
               seen_from(now, text_of(*one, "last_heartbeat")), seen_from(now, text_of(*one, "started")),
               text_of(*one, "version")});
  table.flush();
  return {};
}

Result<> rotate_master_key(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.send("POST", "/api/v1/master-key/rotate", boost::json::object{}));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  call.out() << fmt::format("sealed {} secrets again\n\n", text_of(answer, "resealed"));
  Table table(call.out(), {"Key", "Secrets", "Use", "Source"});
  for (const auto* key : objects_of(answer, "keys"))
    table.add({text_of(*key, "key"), text_of(*key, "secrets"), use_of(*key), text_of(*key, "source")});
  table.flush();
  return {};
}

}  // namespace muster::cli
