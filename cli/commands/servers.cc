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

}  // namespace muster::cli
