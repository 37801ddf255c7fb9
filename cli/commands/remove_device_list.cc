#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "model/text/plain_name.h"

namespace muster::cli {

Result<> remove_device_list(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the list to remove (required), as `mdmctl get device-lists` shows it",
            "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  if (!is_plain_name(name)) return bad_plain_name(name, "a list");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/api/v1/lists/" + name, boost::json::object()));
  call.out() << fmt::format("removed list '{}'\n", name);
  return {};
}

}  // namespace muster::cli
